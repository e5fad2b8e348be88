// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tpm/layers/handle_ledger.h"

namespace tpmprobe::tpm {

/// What a command would change in a TPM beyond its own answer.
struct SideEffects {
  std::uint32_t command = 0;  ///< TPM_CC, 0 if the octets are too few to have one
  std::string name;           ///< "TPM2_Sign", or "command 0x20000001"
  std::uint16_t effects = 0;  ///< bits of knowledge::Effect
  /// It uses an authorization whose failure counts towards lockout ...
  bool da_protected = false;
  /// ... or one that would, but is of a primary that this run made itself.
  bool da_protected_own = false;
  /// It flushes this handle, which is not known to be our own.
  std::optional<std::uint32_t> flush_foreign;
};

/// Works out the side effects of a command from its octets, the command table and what is known of
/// the handles; sends nothing. What cannot be read counts as doing the worst that it could.
SideEffects describe(const WireExchange& exchange, const HandleLedger& ledger = {});

/// One bit of knowledge::Effect as a clause: "writes NV memory".
std::string_view clause_of(std::uint16_t effect_bit);

}  // namespace tpmprobe::tpm
