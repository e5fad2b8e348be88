// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/target.h"
#include "cli/terminal/console.h"
#include "reports/model.h"

namespace tpmprobe::cli {

/// `tpmprobe ssh --check-store`: holds the user's own store of tpm2-pkcs11 against the TPM, whose
/// transport it uses up. Nothing is written, no PIN is asked for; what is loaded is transient.
/// `arguments` are the words after `tpmprobe ssh`.
reports::Report check_user_store(Target target, const std::vector<std::string>& arguments);

}  // namespace tpmprobe::cli
