// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/families/keys.h"

namespace tpmprobe::probes {

/// Every signing probe that hangs on this key: `sign.SCHEME-KEY-HASH` for each scheme and hash of
/// the tables in signing_rows.cpp.
std::vector<Probe> signing_probes(const KeyRow& row);

/// One scheme and hash on one key.
struct SigningRow {
  const KeyRow* key = nullptr;
  tpm::Scheme scheme;
  /// A use demands exactly this combination (ssh fixes the hash by the curve): it is tried wherever
  /// the key can exist, also if the TPM does not list the hash.
  bool demanded = false;
};

/// The rows behind `signing_probes`, for one key.
std::vector<SigningRow> signing_rows(const KeyRow& row);

/// Why a TPM without this hash cannot sign with it, if that is so: "no SHA-384 in this TPM (largest
/// digest 32 octets)"; nullopt if the hash is listed or nothing is known.
std::optional<std::string> missing_hash(const knowledge::Capabilities& capabilities,
                                        tpm::AlgId hash);

/// Runs one combination from key to verification.
void run_signing(const SigningRow& row, Workbench& bench, Result& result);

}  // namespace tpmprobe::probes
