// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knowledge/codes.h"

namespace tpmprobe::explain::pages {

/// One number in which an error is met: its bits name a layer or a position, too.
struct Spelling {
  std::uint32_t rc = 0;
  std::string symbol;  ///< with the layer: "TSS2_TCTI_RC_IO_ERROR"
  std::string text;    ///< as libtss2-rc prints it: "tpm:parameter(1):structure is the wrong size"
  std::string where;   ///< "parameter 1", "FAPI", "no position"
};

/// Every number of this error: of a TPM format 1 code with each parameter, handle and session; of a
/// TSS code with each layer that knows it. The bare one comes first.
std::vector<Spelling> spellings_of(const knowledge::CodeInfo& info);

/// Its symbol as the specification, tpm2-tss and the reference code write it.
std::vector<std::string> symbols_of(const Spelling& spelling);

/// The number of an error at a position, without layer.
std::uint32_t at_position(std::uint16_t number, knowledge::RcPosition where);

/// "0x1d5"
std::string hexadecimal(std::uint32_t rc);

/// The file of the page on an error: "tpm-rc-size.html".
std::string page_of(const knowledge::CodeInfo& info);
/// On a command: "command-sign.html".
std::string page_of(const knowledge::CommandInfo& command);
/// On a class of causes: "class-unsupported-algorithm.html".
std::string page_of(knowledge::CauseClass cause_class);

}  // namespace tpmprobe::explain::pages
