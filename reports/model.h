// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knowledge/capabilities.h"
#include "knowledge/words.h"
#include "result/result.h"

namespace tpmprobe::reports {

/// The words that led here; already free of names and paths of the user.
struct Invocation {
  std::vector<std::string> argv;
  std::string started;  ///< RFC 3339, UTC
  double duration_ms = 0;
  int exit_code = 0;
};

/// The machine, without anything that names it or its user.
struct Host {
  std::string kernel, distribution, architecture;
  std::vector<std::pair<std::string, std::string>> packages;  ///< name, version
};

/// What an emulated TPM pretends.
struct Emulation {
  std::optional<std::string> firmware;
  std::vector<std::string> quirks;
  std::vector<std::string> missing;
};

/// A probe's result joined with what `knowledge` says about its code.
struct ReportedResult {
  Result result;
  std::optional<std::string> explanation;  ///< meaning, position by name, cause
  std::optional<std::string> advice;
};

/// Whether a person can use the TPM for something.
enum class Usability { usable, limited, not_usable, unknown };
inline constexpr std::array<knowledge::Word<Usability>, 4> kUsabilityWords{
    {{Usability::usable, "usable"},
     {Usability::limited, "limited"},
     {Usability::not_usable, "not-usable"},
     {Usability::unknown, "unknown"}}};
constexpr std::span<const knowledge::Word<Usability>> words(Usability /*any*/) {
  return kUsabilityWords;
}
constexpr std::string_view to_string(Usability usability) {
  return knowledge::word_of(usability);
}

/// One purpose, for example one ssh key type.
struct Use {
  std::string id;     ///< "ssh.ecdsa-sha2-nistp384"
  std::string title;  ///< "ssh key ecdsa-sha2-nistp384"
  Usability verdict = Usability::unknown;
  std::vector<std::string> reasons;  ///< sentences; the first stands alone
  std::optional<double> sign_ms;     ///< TPM time of one login, if measured
  std::optional<double> keygen_ms;
};

enum class Severity { info, warning, error };
inline constexpr std::array<knowledge::Word<Severity>, 3> kSeverityWords{
    {{Severity::info, "info"}, {Severity::warning, "warning"}, {Severity::error, "error"}}};
constexpr std::span<const knowledge::Word<Severity>> words(Severity /*any*/) {
  return kSeverityWords;
}
constexpr std::string_view to_string(Severity severity) {
  return knowledge::word_of(severity);
}
/// The severity that a file of knowledge names by its word.
Severity severity_of(std::string_view word);

/// Something a person should know, joined over probes.
struct Finding {
  std::string id;  ///< "Q01", "unrecognised"
  Severity severity = Severity::info;
  std::string title, diagnosis, advice;
  std::vector<std::string> probes;  ///< result ids it rests on
};

/// One line of advice: which use, and why.
struct Advice {
  std::string use;   ///< Use::id
  std::string text;  ///< one sentence
};

/// What a run knows beside its results.
struct RunFacts {
  std::string tool_version;
  Invocation invocation;
  Host host;
  Identity tpm;
  std::optional<Emulation> emulation;
  std::optional<knowledge::Capabilities> capabilities;
};

/// The uses of knowledge/uses.json as decided, and what follows from them.
struct Decisions {
  std::vector<Use> uses;
  std::vector<Advice> recommended, avoid;
};

/// A run of `tpmprobe report`, whole: made once, by assemble.h or from its JSON form, and written
/// on by nobody. Renderers take it and a stream and know nothing else. What is in it for readers
/// is listed in members.h.
struct Report : RunFacts, Decisions {
  std::vector<ReportedResult> results;
  std::vector<Finding> findings;
};

/// TPM_PT_FIRMWARE_VERSION_1 << 32 | _2, if the TPM told both.
std::optional<std::uint64_t> firmware_version(const RunFacts& facts);

}  // namespace tpmprobe::reports
