// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// How the octets of a type are laid out; numbers are big endian everywhere (Part 1, 4.71).
enum class Kind : std::uint8_t {
  integer,       ///< `width` octets
  octets,        ///< `width` octets that are no number: the digest of a TPMT_HA
  counted,       ///< as many octets as the selecting member says: TPMS_PCR_SELECTION.pcrSelect
  rest,          ///< all octets that are left
  buffer,        ///< UINT16 size and so many octets: TPM2B_DIGEST
  sized,         ///< UINT16 size and one structure of that size: TPM2B_PUBLIC
  list,          ///< UINT32 count and so many elements: TPML_ALG
  structure,     ///< its members one after the other: TPMS_, TPMT_
  alternatives,  ///< one of several types, selected by a member beside it: TPMU_
};

/// A member of a structure, or what a sized type, a list or an "otherwise" of a union holds.
struct Member {
  std::string_view name;   ///< Part 2 name; empty for the elements of a list
  std::uint16_t type = 0;  ///< index in `types()`
  bool selected = false;   ///< depends on the value of the member `TypeInfo::selector`
};

/// One type that a union can be.
struct Alternative {
  std::uint32_t selector = 0;
  std::string_view name;
  std::uint16_t type = 0;
};

/// One type of TPM 2.0 Part 2, from structures.json.
struct TypeInfo {
  std::string_view name;
  Kind kind = Kind::integer;
  std::uint8_t width = 0;
  std::int8_t selector = -1;  ///< structure: index of the member that selects, -1 if none does
  bool optional = false;      ///< sized: size 0 is allowed
  bool fixed = false;         ///< is always `minimum` octets long
  std::uint32_t minimum = 0;  ///< fewest octets
  std::uint32_t maximum = 0;  ///< buffer: most octets; list: most elements
  std::span<const Member> members;
  std::span<const Alternative> alternatives;
};

/// More names than the longest path into a type has; checked when the table is made.
inline constexpr std::size_t kMaxDepth = 16;

/// All types by ascending name. No type contains itself, so reading one always ends.
std::span<const TypeInfo> types();

/// The type of this Part 2 name ("TPM2B_PUBLIC"), or null.
const TypeInfo* find_type(std::string_view name);

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
