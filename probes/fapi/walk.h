// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "probes/ssh/way/way_bench.h"

namespace tpmprobe::probes {

/// The folder with the profiles of this system: that of $TSS2_FAPICONF, or of
/// /etc/tpm2-tss/fapi-config.json; empty if there is none.
std::filesystem::path fapi_profile_folder();

/// For each profile of `profiles` alone, and for one of P-384 if none is shipped: provisions FAPI
/// in a key store of its own, makes a key, signs, has OpenSSL verify it, and deletes all of it.
/// Then the folder as it is, and without `ek_cert_less`. Results: `fapi.PROFILE.provision`,
/// `.sign`; `fapi.profiles`, `fapi.ek-certificate`, and `fapi.config` with the lines that fit this
/// TPM. `may_write`: 0x81000001 may be made persistent and the lockout parameters set; else nothing
/// is provisioned.
void walk_fapi(WayBench& bench, const std::filesystem::path& profiles, bool may_write);

}  // namespace tpmprobe::probes
