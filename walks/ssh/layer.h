// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.h"
#include "tpm/layers/journal_layer.h"

namespace tpmprobe::walks {

/// What is known of a step that failed.
struct FailedStep {
  std::string_view program;                      ///< that ended badly: "tpm2_ptool", "ssh"
  std::span<const std::string> lines;            ///< what it and its helpers wrote
  std::span<const tpm::JournalEntry> exchanges;  ///< what the TPM really answered meanwhile
};

/// Whose failure it is.
struct Blame {
  std::string layer;  ///< "TPM", "tss2", "tpm2-abrmd", "tpm2-pkcs11", "tpm2_ptool", "OpenSSH"
  Verdict verdict = Verdict::fail;
  std::optional<std::uint32_t> rc, command;  ///< of the answer that decides
  std::optional<std::string> cause, advice;  ///< where the fact is known
};

/// Decides from the recorded answers first and from texts only where the TPM answered nothing bad:
/// programs print errors of the TPM that did no harm, and hide the one that did.
Blame blame(const FailedStep& step);

}  // namespace tpmprobe::walks
