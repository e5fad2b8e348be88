// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "explain/log.h"

namespace tpmprobe::explain {

/// A code that a TPM gave to a probe, with what the report on it says about that.
struct KnownAnswer {
  std::uint32_t rc = 0;
  const knowledge::CommandInfo* command = nullptr;
  std::string probe;            ///< "ssh.ecdsa-sha2-nistp384"
  std::string summary, advice;  ///< of the finding on it, else of the result
  bool is_finding = false;
};

/// What a report says of the TPM that a log comes from (reports/known_tpm.h).
struct KnownTpm {
  std::string name;  ///< "AMD 3.51.0.5"
  std::vector<KnownAnswer> answers;
};

/// Where a code of a log is one that the same TPM gave to the same command while it was probed,
/// what the report found goes before all general causes: it is decided, and no guess.
void sharpen(ExplainedText& text, const KnownTpm& tpm);

}  // namespace tpmprobe::explain
