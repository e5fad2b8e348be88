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

}  // namespace tpmprobe::knowledge
