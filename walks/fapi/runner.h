// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/fapi/profile.h"
#include "knowledge/messages.h"
#include "tpm/fapi/run_fapi.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// The line of FAPI's log that tells why a call failed.
struct FapiFault {
  const knowledge::MessageInfo* message = nullptr;  ///< of knowledge/messages
  std::size_t line = 0;                             ///< index into the log
};

/// Finds the first line that is known to tell a cause. Those after it mislead: after an error FAPI
/// cleans up, and complains of handles that it never had (Esys, 0x7000b).
std::optional<FapiFault> recognise_fapi(std::span<const std::string> log);

/// How FAPI is configured for one run.
struct FapiSetting {
  std::string profile;             ///< "P_ECCP256SHA256"
  std::filesystem::path profiles;  ///< folder of profiles
  bool cert_less = true;           ///< ek_cert_less: no EK certificate is asked for
};

/// Runs FAPI with configurations of its own: nothing of the system's but profiles, a new key store
/// each time, and the TPM of the bench.
class FapiRunner {
 public:
  explicit FapiRunner(WayBench& bench) : bench_(bench) {}

  /// A folder with this profile and no other: of a folder FAPI reads every file, whichever profile
  /// is wanted.
  [[nodiscard]] std::filesystem::path alone(const host::FapiProfile& profile) const;

  /// Carries the actions out. Errors: those of tpm::run_fapi.
  Expected<tpm::FapiOutcome> run(const FapiSetting& setting, std::vector<tpm::FapiAction> actions,
                                 const Bytes& digest = {});

 private:
  [[nodiscard]] std::filesystem::path write_configuration(const FapiSetting& setting);

  WayBench& bench_;
  int number_ = 0;  // of the run; each has a key store of its own
};

/// Writes a call that failed into the step: FAPI's own lines as far as they tell the cause, the
/// layer that failed, what is known of it.
void judge_fapi(WayStep& step, const tpm::FapiCall& call);

}  // namespace tpmprobe::walks
