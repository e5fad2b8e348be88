// SPDX-License-Identifier: BSD-2-Clause
// One code alone, in any spelling.
#include <charconv>

#include "explain/read/decoder_texts.h"
#include "knowledge/codes.h"
#include "knowledge/text.h"

namespace tpmprobe::explain {
namespace {

/// Windows reports TPM codes as HRESULT of facility 0x28 (TBS).
constexpr std::uint32_t kWindowsMask = 0xFFFFF000, kWindowsTpm = 0x80280000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"'`()[]{}<>,;:.";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

std::optional<std::uint32_t> to_number(std::string_view digits, int base) {
  std::uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, value, base);
  const bool whole = failure == std::errc{} && stop == end && !digits.empty();
  return whole ? std::optional(value) : std::nullopt;
}

bool is_known(std::optional<std::uint32_t> code) {
  return code && find_code(knowledge::decode_rc(*code)) != nullptr;
}

CodeMention from_hexadecimal(std::uint32_t value) {
  CodeMention mention{.code = value, .note = {}};
  if ((value & kWindowsMask) == kWindowsTpm && value != kWindowsTpm) {
    mention.code = value & 0xFFFU;
    mention.note = knowledge::hex(value, 1) +
                   " is a Windows error: 0x80280000 plus the TPM's code " +
                   knowledge::hex(mention.code, 1) + ", without its position.";
  }
  return mention;
}

std::string describe_reading(std::uint32_t code) {
  const std::string symbol = knowledge::symbol_of(knowledge::decode_rc(code));
  return knowledge::hex(code, 1) +
         (symbol.empty() ? ", which is not a known code" : " (" + symbol + ")");
}

/// With both readings known, decimal it is, as tpm2_rc_decode does; except where decimal gives an
/// error without position, which hardly a TPM sends.
bool prefers_hexadecimal(std::optional<std::uint32_t> hexadecimal, std::uint32_t decimal) {
  if (!is_known(hexadecimal)) return false;
  const knowledge::DecodedRc decoded = knowledge::decode_rc(decimal);
  const bool bare = decoded.format == knowledge::RcFormat::format1 &&
                    decoded.where.place == knowledge::RcPlace::none;
  return bare || decoded.format == knowledge::RcFormat::tpm12 || !is_known(decimal);
}

CodeMention from_digits(std::string_view digits, std::uint32_t decimal) {
  const auto hexadecimal = to_number(digits, 16);
  const bool as_hexadecimal = prefers_hexadecimal(hexadecimal, decimal);
  CodeMention mention{
      .code = as_hexadecimal ? *hexadecimal : decimal, .is_decimal = !as_hexadecimal, .note = {}};
  if (decimal == 0) return mention;
  mention.note = std::string(digits) + " is read as " +
                 (as_hexadecimal ? "hexadecimal" : "decimal, " + knowledge::hex(decimal, 1));
  if (hexadecimal) {
    mention.note += std::string("; as ") + (as_hexadecimal ? "decimal" : "hexadecimal") +
                    " it would be " + describe_reading(as_hexadecimal ? decimal : *hexadecimal);
  }
  mention.note += '.';
  return mention;
}

std::optional<CodeMention> read_number(std::string_view text) {
  const bool prefixed = knowledge::starts_ignoring_case(text, "0x");
  const std::string_view digits = prefixed ? text.substr(2) : text;
  if (digits.empty() || !std::ranges::all_of(digits, knowledge::is_hex_digit)) return std::nullopt;
  const auto significant =
      digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const bool zeros_in_front = significant.size() != digits.size();
  const bool only_digits = std::ranges::all_of(significant, knowledge::is_digit);
  if (!prefixed && !zeros_in_front && only_digits && !digits.starts_with("8028")) {
    const auto decimal = to_number(significant, 10);
    return decimal ? std::optional(from_digits(significant, *decimal)) : std::nullopt;
  }
  // Without 0x, "add" and "deadbeef" are words.
  if (!prefixed && std::ranges::none_of(digits, knowledge::is_digit)) return std::nullopt;
  const auto value = to_number(significant, 16);
  return value ? std::optional(from_hexadecimal(*value)) : std::nullopt;
}

}  // namespace

std::optional<CodeMention> read_code(std::string_view text) {
  const std::string_view word = trimmed(text);
  if (auto number = read_number(word)) return number;
  if (const auto code = knowledge::find_symbol(word)) {
    CodeMention mention{.code = *code, .note = {}};
    if (knowledge::starts_ignoring_case(word, "TSS2_BASE_RC_")) {
      mention.note = std::string(word) + " does not name a layer; it is read as an ESYS code.";
    }
    return mention;
  }
  return std::nullopt;
}

}  // namespace tpmprobe::explain
