// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/vendors.h"
#include "knowledge/words.h"
#include "result/id.h"

namespace tpmprobe {

/// How a probe ended. The list is closed: the JSON schema has the same one.
enum class Verdict {
  pass,         ///< works, verified by something other than the TPM
  fail,         ///< does not work and should
  mismatch,     ///< advertised and does not work, or works and is not advertised
  quirk,        ///< a known defect, recognised
  unsupported,  ///< the TPM does not have it and does not claim to; never a failure
  blocked,      ///< the guard, a missing program, a permission or a full TPM was in the way
  error,        ///< tpmprobe or the transport failed, nothing is known about the TPM
  timeout,      ///< no answer before the deadline, or RETRY for ever
};

/// Every verdict with its word in reports, in the order in which they are listed.
inline constexpr std::array<knowledge::Word<Verdict>, 8> kVerdictWords{
    {{Verdict::pass, "pass"},
     {Verdict::fail, "fail"},
     {Verdict::mismatch, "mismatch"},
     {Verdict::quirk, "quirk"},
     {Verdict::unsupported, "unsupported"},
     {Verdict::blocked, "blocked"},
     {Verdict::error, "error"},
     {Verdict::timeout, "timeout"}}};
constexpr std::span<const knowledge::Word<Verdict>> words(Verdict /*any*/) {
  return kVerdictWords;
}

/// The word in reports.
constexpr std::string_view to_string(Verdict verdict) {
  return knowledge::word_of(verdict);
}

/// How one step of a signing combination went; text renderers make table cells of it.
enum class Step : std::uint8_t { not_tried, yes, no };

/// The steps of a signing combination, for the table of the text report.
struct SignSteps {
  Step advertised = Step::not_tried;  ///< scheme, hash and curve are all in GetCapability
  Step test_parms = Step::not_tried;  ///< TPM2_TestParms accepts the parameters
  Step created = Step::not_tried;
  Step signed_ = Step::not_tried;
  Step verified = Step::not_tried;  ///< by OpenSSL or our own EC_POINT check, never by the TPM
};

/// What one probe found. A plain value: nothing of tss2 or of a renderer is in it.
struct Result {
  ProbeId id;         ///< stable for ever
  std::string title;  ///< one line for a person
  Verdict verdict = Verdict::error;
  double duration_ms = 0;                ///< wall time of the probe, simulated waits included
  int tpm_commands = 0;                  ///< commands on the wire, repeated attempts included
  double tpm_ms = 0;                     ///< time between sending those and having their answers
  std::string expected;                  ///< what should have been, one sentence
  std::string actual;                    ///< what was, one sentence
  std::optional<std::uint32_t> rc;       ///< full TSS2_RC behind the verdict
  std::optional<std::uint32_t> command;  ///< TPM_CC that answered with it
  /// The cause where this probe can decide it from evidence, one clause without a full stop:
  /// "no SHA-384 in this TPM (largest digest 32 octets)". Goes before every general cause.
  std::optional<std::string> cause;
  std::optional<std::string> advice;     ///< what to do, where the probe knows better than the code
  std::optional<std::string> quirk;      ///< "Q01" if recognised
  std::vector<std::string> verified_by;  ///< "OpenSSL 3.0.22", "OpenSSH_9.2p1", "EC_POINT"
  /// What was seen, in words of knowledge/evidence.h: what defects are recognised by.
  std::vector<std::string> evidence;
  /// What failed, where it was decided among several: "TPM", "tss2", "tpm2-pkcs11", "tpm2_ptool",
  /// "OpenSSH".
  std::optional<std::string> layer;
  std::vector<std::string> lines;  ///< what the programs of a failed step wrote, in their order
  SignSteps steps;
  std::optional<double> keygen_ms;  ///< TPM time of the creation of the key this probe made
  std::optional<double> sign_ms;    ///< TPM time of one signature (for raw RSA: of the decrypt)
};

/// Adds a word of knowledge/evidence.h, once.
void add_evidence(Result& result, std::string_view word);

/// What kind of thing a TPM is.
using knowledge::TpmKind;

/// Dictionary-attack state (Part 1, 19.8), read only.
struct LockoutState {
  bool in_lockout = false;
  bool lockout_auth_set = false;
  std::uint32_t counter = 0;
  std::uint32_t max_tries = 0;
  std::uint32_t interval_s = 0;  ///< seconds until the counter falls by one; 0: nothing is counted
  std::uint32_t recovery_s =
      0;  ///< seconds lockoutAuth is blocked after a wrong try; 0: till reset
};

/// A hierarchy as seen from outside; nullopt is unknown.
struct HierarchyState {
  std::string name;  ///< "owner", "endorsement", "platform", "lockout"
  std::optional<bool> enabled, auth_set;
};

/// TPMA_MODES and the FIPS bit spelt out; what the failure mode still tells.
struct FailureMode {
  std::uint32_t test_result = 0;  ///< TPM_RC of TPM2_GetTestResult
  std::vector<std::uint8_t>
      out_data;  ///< manufacturer specific: function, line and code in libtpms
};

/// How many transient objects were in a TPM before the run, and what became of them. Only a TPM
/// without resource manager shows those of others.
struct FoundObjects {
  std::size_t flushed = 0;          ///< ours, of a run that was killed
  std::size_t of_another = 0;       ///< of another tpmprobe that is alive: left alone
  std::size_t foreign = 0;          ///< somebody else's: left alone
  std::size_t foreign_flushed = 0;  ///< somebody else's, flushed because the user said so
};

/// Who the TPM is. Empty strings and nullopt mean that it did not say.
struct Identity {
  std::optional<std::string> manufacturer;       ///< "AMD", as the TPM gives it, trimmed
  std::optional<std::string> manufacturer_name;  ///< "Advanced Micro Devices"
  std::optional<std::string> vendor_string;
  std::optional<std::string> firmware;       ///< as the vendor prints it: "3.51.0.5"
  std::optional<std::string> spec_revision;  ///< "1.38"
  std::optional<std::string> spec_date;      ///< ISO date of the library specification
  std::optional<std::string> spec_level;     ///< "2.0 level 0"
  std::optional<bool> fips_140_2;
  std::optional<std::string> ptp;  ///< platform profile: family, level, revision, date
  TpmKind kind = TpmKind::unknown;
  std::string kind_reason;  ///< one clause: how that is known
  std::string transport;    ///< the TCTI as chosen, "embedded", "device:/dev/tpmrm0"
  std::optional<std::uint32_t> reset_count;
  std::optional<std::string> owner_primary_name;  ///< SHA-256 of the Name, hex
  std::optional<LockoutState> lockout;
  std::vector<HierarchyState> hierarchies;
  std::optional<FailureMode> failure_mode;
  FoundObjects found_objects;
};

}  // namespace tpmprobe
