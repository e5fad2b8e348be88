// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tpmprobe::knowledge {

/// How the value of a property is shown to people.
enum class Show : std::uint8_t {
  number,
  hex,           ///< "0x00000001"
  text,          ///< four characters: "IFX"
  revision,      ///< times 100: "1.59"
  octets,        ///< "1024 octets"
  seconds,       ///< "600 s"
  milliseconds,  ///< "4096 ms"
  algorithm,     ///< TPM_ALG_ID: "sha256"
  bits,          ///< attribute structure: "ownerAuthSet inLockout"
};

/// One TPM_PT (Part 2, 6.13) or TPM_PT_PCR (6.14), from properties.json.
struct PropertyInfo {
  std::uint32_t tag = 0;
  std::string_view symbol;  ///< "TPM_PT_MAX_DIGEST"
  std::string_view title;   ///< for people: "largest digest"
  Show show = Show::number;
  std::string_view bits;  ///< name of the attribute structure if `show` is bits
};

/// All TPM_PT, by ascending tag.
std::span<const PropertyInfo> properties();

/// All TPM_PT_PCR, by ascending tag; what they say of a PCR selection is in `title`.
std::span<const PropertyInfo> pcr_properties();

/// The property with this TPM_PT, or null.
const PropertyInfo* find_property(std::uint32_t tag);

/// The property with this symbol, "TPM_PT_MAX_DIGEST" or "TPM2_PT_MAX_DIGEST"; case is ignored.
const PropertyInfo* find_property(std::string_view symbol);

/// The value of a property as text, see `Show`; the value of an unknown one as hex.
std::string show_property(std::uint32_t tag, std::uint32_t value);

}  // namespace tpmprobe::knowledge
