// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "knowledge/capabilities.h"
#include "probes/result.h"

namespace tpmprobe::probes {

/// What stat(2) and access(2) tell of a file.
struct FileFacts {
  std::string owner, group;  ///< names, or numbers where there are none
  unsigned mode = 0;         ///< permission bits
  bool accessible = false;   ///< this process may read and write it
};

/// What was read from the TPM, without changing anything in it.
struct TpmFacts {
  std::optional<std::string> unreachable;  ///< why nothing could be read, one clause
  knowledge::Capabilities capabilities;
  Identity identity;
  std::map<std::uint32_t, std::string> persistent_names;  ///< Name in hex, by handle
};

/// What an earlier report said (--since).
struct EarlierReport {
  std::optional<std::uint32_t> reset_count;
  std::optional<std::string> manufacturer;
};

/// Everything that the doctor sees of a machine; a test prepares its own.
struct Machine {
  std::filesystem::path root = "/";  ///< before every path that is read
  std::function<std::optional<std::string>(const char*)> environment;
  std::string home;  ///< of the user, without `root`
  std::string user;
  bool is_root = false;
  std::vector<std::string> session_groups;  ///< of this process, by name
  /// nullopt: there is no such file.
  std::function<std::optional<FileFacts>(const std::string& path)> file;
  /// Programs that have a file open: "tpm2-abrmd (pid 312)"; those of other users only for root.
  std::function<std::vector<std::string>(const std::string& path)> holders;
  /// Whether com.intel.tss2.Tabrmd has an owner on the system bus; nullopt: there is no bus to ask.
  std::function<std::optional<bool>()> broker_on_bus;
  /// Lines of the kernel about the TPM; nullopt: not for this user.
  std::function<std::optional<std::vector<std::string>>()> kernel_log;
  std::vector<std::pair<std::string, std::string>> packages;  ///< name, version
  TpmFacts tpm;
  std::optional<EarlierReport> earlier;

  /// What a file below `root` holds; nullopt if it cannot be read.
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;
  /// Version of the first package whose name starts so; nullopt if there is none.
  [[nodiscard]] std::optional<std::string> version_of(std::string_view start) const;
  /// A variable that is set and not empty.
  [[nodiscard]] std::optional<std::string> variable(const char* name) const;
};

/// This machine, with nothing read from its TPM yet.
Machine this_machine();

}  // namespace tpmprobe::probes
