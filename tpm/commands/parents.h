// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tpm/bytes.h"
#include "tpm/object.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// The primaries that tpm2_ptool init makes (tpm2-pkcs11, tools/tpm2_pkcs11/tpm2.py, TEMPLATES).
enum class ParentTemplate : std::uint8_t {
  tools_rsa,   ///< "tpm2-tools-default": RSA-2048 of tpm2_createprimary
  tools_ecc,   ///< "tpm2-tools-ecc-default": P-256 of tpm2_createprimary
  engine_rsa,  ///< "tss2-engine-key" on a TPM without ECC: the first with noDA
  engine_ecc,  ///< "tss2-engine-key": the second with noDA
};

/// All of them.
inline constexpr std::array kParentTemplates{ParentTemplate::tools_rsa, ParentTemplate::tools_ecc,
                                             ParentTemplate::engine_rsa,
                                             ParentTemplate::engine_ecc};

/// RSA-2048; else P-256.
bool is_rsa(ParentTemplate parent);

/// The word after `tpm2_ptool init --transient-parent`.
std::string_view to_string(ParentTemplate parent);

/// Its template: TPMT_PUBLIC (Part 2, 12.2.4) with an empty `unique`, as PublicForm::form has it.
Bytes parent_form(ParentTemplate parent);

/// TPM2_CreatePrimary (Part 3, 24.1) under the owner hierarchy, transient, with an empty
/// authorization. Those of tpm2-tools are subject to dictionary attack protection: the guard lets
/// them be used with `da_protected_own` only.
Expected<Object> create_parent(Session& session, ParentTemplate parent);

}  // namespace tpmprobe::tpm
