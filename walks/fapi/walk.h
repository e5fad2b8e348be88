// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "host/fapi/profile.h"
#include "result/result.h"
#include "tpm/session.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// What FAPI is tried on.
struct FapiTarget {
  tpm::Session& session;
  const Identity& identity;
  std::filesystem::path profiles;  ///< the folder
  /// 0x81000001 may be made persistent and the lockout parameters set; else nothing is provisioned
  /// and it is told what would happen.
  bool may_provision = false;
};

/// Which profile and which `ek_cert_less` fit this TPM. Results: `fapi.profiles` (the folder as it
/// is), `fapi.ready` (does something in the TPM stand in the way); for each profile, and for one of
/// P-384 if none is shipped, `fapi.PROFILE.fits` (FAPI reads it, the TPM lists what it needs) and
/// `.ek-certificate`, and where provisioning is allowed before that `.provision` and `.sign`
/// (verified by OpenSSL, everything deleted again); then `fapi.unprovisioned` and `fapi.twice`, the
/// two answers that look like failures; last `fapi.config`, the lines for fapi-config.json.
void walk_fapi(WayBench& bench, const FapiTarget& target);

}  // namespace tpmprobe::walks
