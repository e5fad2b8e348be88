// SPDX-License-Identifier: BSD-2-Clause
#include "explain/bits.h"

#include <fmt/format.h>

namespace tpmprobe::explain {
namespace {

using knowledge::DecodedRc;
using knowledge::RcFormat;
using knowledge::RcPlace;

class Bits {
 public:
  explicit Bits(const DecodedRc& decoded) : decoded_(decoded) {}

  [[nodiscard]] bool is_set(unsigned bit) const { return (decoded_.value >> bit & 1U) != 0; }

  void add(unsigned high, unsigned low, std::string meaning) {
    std::string digits;
    for (unsigned bit = high + 1; bit-- > low;) digits += is_set(bit) ? '1' : '0';
    fields_.push_back({high, low, std::move(digits), std::move(meaning)});
  }

  std::vector<BitField> take() && { return std::move(fields_); }

 private:
  const DecodedRc& decoded_;
  std::vector<BitField> fields_;
};

void add_format1(const DecodedRc& decoded, Bits& bits) {
  const bool parameter = bits.is_set(6);
  const auto& where = decoded.where;
  const std::string words =
      where.place == RcPlace::none
          ? "no position"
          : fmt::format("{} {}", knowledge::to_string(where.place), where.index);
  if (parameter) {
    bits.add(11, 8, words);
  } else {
    bits.add(11, 11,
             bits.is_set(11) ? "the position counts sessions" : "the position counts handles");
    bits.add(10, 8, words);
  }
  bits.add(7, 7, "format 1");
  bits.add(6, 6,
           parameter ? "the position counts parameters" : "the position counts no parameters");
  bits.add(5, 0, fmt::format("error {:#x} of format 1", decoded.base & 0x3fU));
}

void add_format0(const DecodedRc& decoded, Bits& bits) {
  bits.add(11, 11, bits.is_set(11) ? "warning" : "error");
  bits.add(10, 10, bits.is_set(10) ? "the manufacturer's own" : "of the specification");
  bits.add(9, 9, "reserved");
  bits.add(8, 8, bits.is_set(8) ? "of a TPM 2.0" : "of a TPM 1.2");
  bits.add(7, 7, "format 0");
  bits.add(6, 0, fmt::format("number {:#x}", decoded.base & 0x7fU));
}

}  // namespace

std::vector<BitField> bit_fields(const DecodedRc& decoded) {
  Bits bits(decoded);
  bits.add(23, 16,
           fmt::format("layer {} ({})", decoded.layer_number, knowledge::to_string(decoded.layer)));
  switch (decoded.format) {
    case RcFormat::format1:
      add_format1(decoded, bits);
      break;
    case RcFormat::format0_error:
    case RcFormat::format0_warning:
    case RcFormat::vendor:
    case RcFormat::tpm12:
      add_format0(decoded, bits);
      break;
    default:
      bits.add(15, 0, fmt::format("number {:#x} of that layer", decoded.value & 0xffffU));
  }
  return std::move(bits).take();
}

}  // namespace tpmprobe::explain
