// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// Which list of a firmware says what a field may be.
enum class Offer : std::uint8_t { algorithms, curves, rsa_bits, aes_bits };

/// With which code a TPM refuses a value that it does not offer, from refusals.json.
struct ValueRefusal {
  std::string_view type;  ///< of the field, as in Part 2: "TPMI_ALG_HASH"
  std::uint32_t rc = 0;   ///< without position: 0x083
  Offer offer = Offer::algorithms;
  bool scheme = false;  ///< the field chooses a scheme or mode
};

/// With which code a TPM refuses a TPM2B that is too long, from refusals.json.
struct SizeRefusal {
  std::string_view type;       ///< "TPM2B_DIGEST"
  std::uint32_t rc = 0;        ///< without position: 0x095
  std::uint32_t property = 0;  ///< TPM_PT that says the most octets
  std::uint32_t more = 0;      ///< so many octets more than it says
};

/// All interface types whose values a firmware may lack, by ascending type.
std::span<const ValueRefusal> value_refusals();

/// All TPM2B whose size a property limits, by ascending type.
std::span<const SizeRefusal> size_refusals();

/// The Part 2 types that only a TPM fills: tickets, contexts; ascending.
std::span<const std::string_view> types_made_by_tpm();

/// The row of this Part 2 type, or null.
const ValueRefusal* find_value_refusal(std::string_view type);
/// The row of this Part 2 type, or null.
const SizeRefusal* find_size_refusal(std::string_view type);
/// Whether only a TPM fills structures of this Part 2 type.
bool is_made_by_tpm(std::string_view type);

}  // namespace tpmprobe::knowledge
