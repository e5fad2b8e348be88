// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "knowledge/command_table.h"
#include "knowledge/rc.h"

namespace tpmprobe::knowledge {

/// What kind of trouble a cause is. The list is closed: the JSON schema has the same one.
enum class CauseClass : std::uint8_t {
  unsupported_algorithm,
  firmware_defect,
  lockout,
  auth,
  permissions,
  no_device,
  resource_exhaustion,
  provisioning,
  ek_certificate,
  key_lost_after_clear,
  version_mismatch,
  middleware_bug,
  policy_pcr_mismatch,
  nv,
  misuse,
  other,
};

/// The word of the JSON reports: "unsupported-algorithm", "policy/pcr-mismatch", ...
std::string_view to_string(CauseClass cause_class);

/// When a cause can be the one; what is empty or zero does not matter.
struct CauseCondition {
  std::span<const std::uint32_t> commands;  ///< TPM_CC, one of these
  std::uint16_t layers = 0;                 ///< bit n for the RcLayer with number n
  RcPlace place = RcPlace::none;            ///< the position is such a one,
  std::string_view name;                    ///< and has this name in Part 3: "digest"
  /// Numbers of words (context.h), one of which makes this the likeliest cause when it stands near;
  /// without them the cause is one like all others.
  std::span<const std::uint16_t> context;
};

/// One thing that leads to a code, with how to see it and what to do. Sentences.
struct Cause {
  CauseClass cause_class = CauseClass::other;
  std::string_view summary, confirm, fix;
  CauseCondition when;
  std::optional<RcSeverity> severity;  ///< where this cause changes that of the code
};

/// One file of codes/: an error number without layer and position.
struct CodeInfo {
  RcFormat format = RcFormat::undefined;
  std::uint16_t number = 0;  ///< DecodedRc::base
  std::string_view symbol;   ///< "TPM_RC_SIZE", "TSS2_BASE_RC_IO_ERROR"
  std::string_view clause;   ///< "structure is the wrong size": for the middle of a sentence
  std::string_view meaning;  ///< one plain sentence
  RcSeverity severity = RcSeverity::error;
  std::span<const std::string_view> decoder_texts;  ///< what libtss2-rc prints for it
  std::span<const Cause> causes;                    ///< the likeliest first
};

/// All codes, by format and number.
std::span<const CodeInfo> codes();

/// What is known of a code, null if nothing is: vendor codes, gaps in the tables, nonsense.
const CodeInfo* find_code(const DecodedRc& decoded);

/// "TPM_RC_SIZE"; for a software layer with its name: "TSS2_TCTI_RC_IO_ERROR". Empty if unknown.
std::string symbol_of(const DecodedRc& decoded);

/// The full code of a symbol in any spelling of the projects (TPM_RC_SIZE, TPM2_RC_SIZE,
/// TPM_RCS_SIZE, TSS2_ESYS_RC_BAD_TR, TSS2_ESAPI_RC_BAD_TR), case ignored; without a position.
/// TSS2_BASE_RC_... names no layer: `base_layer` is taken.
std::optional<std::uint32_t> find_symbol(std::string_view symbol,
                                         RcLayer base_layer = RcLayer::esys);

/// The Part 3 name of the parameter or handle at a position, empty if there is none.
std::string_view place_name(const CommandInfo& command, RcPosition where);

/// True if the cause can be the one for this code and command. With an unknown command (null) a
/// cause counts if one of its commands has the named field at the position of the code.
bool applies(const Cause& cause, const DecodedRc& decoded, const CommandInfo* command);

}  // namespace tpmprobe::knowledge
