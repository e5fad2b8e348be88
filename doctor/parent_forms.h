// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "probes/hex_digits.h"
#include "tpm/commands/parents.h"

namespace tpmprobe::doctor {

/// A template as PersistentObject::form has it. tpm2_ptool init makes that of tools_rsa; FAPI's
/// profiles P_RSA2048SHA256 and P_ECCP256SHA256 make those of tools_rsa and tools_ecc (measured:
/// tpm2-tools 5.4, tpm2-pkcs11 1.9.0, tss2 3.2.1).
inline std::string form_of(tpm::ParentTemplate parent) {
  return probes::hex_digits(tpm::parent_form(parent));
}

}  // namespace tpmprobe::doctor
