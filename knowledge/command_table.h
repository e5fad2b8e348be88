// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// How a handle of a command is authorized (TPM 2.0 Part 3, the "Auth Index" notes).
enum class HandleAuth : std::uint8_t { none, user, admin, dup };

/// How long a command may take on real hardware; the check layer turns this into a deadline.
enum class DurationClass : std::uint8_t { quick, crypto, self_test, key_generation };

/// What a command changes beyond its own answer, one bit each; the guard allows or refuses by them.
enum class Effect : std::uint16_t {
  none = 0,
  transient = 1U << 0U,   ///< loads or flushes a transient object or sequence
  session = 1U << 1U,     ///< starts or ends a session
  nv = 1U << 2U,          ///< defines, writes, locks or deletes an NV index
  persistent = 1U << 3U,  ///< makes or evicts a persistent object
  hierarchy = 1U << 4U,   ///< changes an authorization, policy, seed or enable of a hierarchy
  clear = 1U << 5U,       ///< TPM2_Clear and whatever replaces a seed
  pcr = 1U << 6U,         ///< extends, resets or allocates a PCR
  lockout = 1U << 7U,     ///< dictionary-attack parameters or reset
  startup = 1U << 8U,     ///< Startup or Shutdown
  clock = 1U << 9U,       ///< sets the clock or its rate
  firmware = 1U << 10U,   ///< field upgrade
  audit = 1U << 11U,      ///< command audit, algorithm set, physical presence list, ACT
  vendor = 1U << 12U,     ///< not in the library specification: nobody knows
};

/// One handle of a command: its Part 3 name, its Part 2 type (for example "TPMI_DH_OBJECT").
struct HandleField {
  std::string_view name;
  std::string_view type;
  HandleAuth auth = HandleAuth::none;
};

/// One parameter of a command or response: Part 3 name, index of its Part 2 type in `types()`.
struct Field {
  std::string_view name;
  std::uint16_t type = 0;
};

/// One row of TPM 2.0 Part 3, from commands.json.
struct CommandInfo {
  std::uint32_t code = 0;     ///< TPM_CC
  std::string_view name;      ///< "Sign"; with "TPM2_" in front it is the name of Part 3
  std::uint16_t effects = 0;  ///< bits of `Effect`
  DurationClass duration = DurationClass::quick;
  std::span<const HandleField> handles;
  std::span<const Field> parameters;
  std::span<const HandleField> response_handles;
  std::span<const Field> response_parameters;

  [[nodiscard]] bool has(Effect effect) const {
    return (effects & static_cast<std::uint16_t>(effect)) != 0;
  }
};

/// A second name of a command: TPM2_MAC has the code of TPM2_HMAC (Part 3, 15.5 and 15.6).
struct CommandAlias {
  std::string_view name;
  std::uint32_t code = 0;
};

/// All second names.
std::span<const CommandAlias> command_aliases();

/// All commands, by ascending code.
std::span<const CommandInfo> commands();

/// The command with this TPM_CC, or null: vendor commands and what is newer than the table.
const CommandInfo* find_command(std::uint32_t code);

/// The command of this name, in any spelling of the projects: "Sign", "TPM2_Sign", "TPM2_CC_Sign",
/// "TPM_CC_Sign", "Esys_Sign", "Eys_Sign", "Tss2_Sys_Sign"; case is ignored. Null if there is none.
const CommandInfo* find_command(std::string_view name);

}  // namespace tpmprobe::knowledge
