// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/command_table.h"
#include "knowledge/rc.h"

namespace tpmprobe::explain {

/// A code that somebody wrote somewhere.
struct CodeMention {
  std::uint32_t code = 0;
  const knowledge::CommandInfo* command = nullptr;  ///< named beside it, null if none is
  std::size_t offset = 0;                           ///< of the words that gave the code
  bool is_decimal = false;                          ///< digits only, and read as decimal
  std::string note;  ///< a sentence if the reading was a choice: "902 is read as hexadecimal: ..."
};

/// Reads a text that is one code and nothing else: hexadecimal with or without 0x, with any zeros
/// in front and in any case, decimal, a symbol (TPM_RC_SIZE, TSS2_ESYS_RC_BAD_TR), or a Windows
/// error (0x80280084). Digits only are taken as decimal or as hexadecimal, whichever is a known
/// code.
std::optional<CodeMention> read_code(std::string_view text);

/// Every code in one line of prose or log: numbers in a place where a code stands, symbols, what
/// libtss2-rc, go-tpm and the Linux kernel print. A code that is said twice is found once.
std::vector<CodeMention> find_codes(std::string_view line);

/// Whether a line can hold a code at all ("0x", "tpm", "esys", ... stand in it): where this is
/// false find_codes finds none. Much quicker than that.
bool may_hold_code(std::string_view line);

/// The TPM command that a line names (Esys_Sign, Eys_Sign, TPM2_Sign, Tss2_Sys_Sign, "Load
/// Object"), the last one before `offset` if there are several; null if there is none.
const knowledge::CommandInfo* find_command_in(std::string_view line,
                                              std::size_t offset = std::string_view::npos);

/// Reads what Tss2_RC_Decode prints, from its start: "tpm:parameter(1):structure is the wrong
/// size", "fapi:No certificate", "esapi:0x1B". What follows does not matter.
std::optional<std::uint32_t> read_decoder_text(std::string_view text);

/// The code whose sentence of libtss2-rc stands in the line without layer and position; only the
/// TPM's own codes, for those of the TSS do not tell the layer.
std::optional<std::uint32_t> find_bare_decoder_text(std::string_view line);

}  // namespace tpmprobe::explain
