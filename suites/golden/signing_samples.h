// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/model.h"

namespace tpmprobe::golden {

/// Which signing combinations a sample TPM has.
struct Signing {
  std::vector<std::string> keys, hashes;  ///< that it has
  /// Curves whose keys can be made but whose own hash is missing: "p384".
  std::vector<std::string> keys_without_hash;
};

Signing libtpms_signing();
Signing amd_signing();

/// Adds results for all 64 RSA and 40 ECC combinations that `report` probes.
void add_signing(reports::Report& report, const Signing& signing);

/// Adds one key with every hash, each with another defect.
void add_defective_signing(reports::Report& report);

}  // namespace tpmprobe::golden
