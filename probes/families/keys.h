// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probes/probe.h"
#include "probes/workbench.h"

namespace tpmprobe::probes {

/// One kind of asymmetric key that a TPM could make; the rows of every family of probes hang on
/// one.
struct KeyRow {
  std::string_view id;     ///< as in probe ids: "rsa2048", "p384"
  std::string_view title;  ///< "RSA-2048", "NIST P-384"
  tpm::KeyTemplate key;    ///< scheme TPM_ALG_NULL: chosen at each signature
};

/// Every key, quick ones first: RSA generation is nearly all the time of a run.
std::span<const KeyRow> key_rows();

/// The row with this id; never null for ids of the table, which a test holds.
const KeyRow* find_key_row(std::string_view id);

/// TPM_ALG_ID and TPM_ECC_CURVE that a key of this row rests on.
Needs key_needs(const KeyRow& row);

/// `key.ID`: TestParms, creation under a transient primary, loading.
Probe key_probe(const KeyRow& row);

/// Whether everything in `needs` stands in GetCapability; nullopt if a list is not known.
std::optional<bool> is_advertised(const knowledge::Capabilities& capabilities, const Needs& needs);

/// Says in `result` how the creation of this key ended if it did not succeed; false if it did, and
/// then the steps alone are filled in.
bool judge_creation(const KeyRow& row, const KeyRecord& record, const Workbench& bench,
                    Result& result);

}  // namespace tpmprobe::probes
