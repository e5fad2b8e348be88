// SPDX-License-Identifier: BSD-2-Clause
// The sentences of libtss2-rc, read back into the codes that they stand for.
#include "explain/read/decoder_texts.h"

#include <array>
#include <charconv>
#include <utility>

#include "knowledge/codes.h"
#include "knowledge/text.h"

namespace tpmprobe::explain {
namespace {

/// Names that Tss2_RC_Decode of 3.2.1 and 4.1 puts in front.
constexpr std::array<std::pair<std::string_view, knowledge::RcLayer>, 11> kPrefixes{{
    {"tpm:", knowledge::RcLayer::tpm},
    {"fapi:", knowledge::RcLayer::fapi},
    {"esapi:", knowledge::RcLayer::esys},
    {"esys:", knowledge::RcLayer::esys},
    {"sys:", knowledge::RcLayer::sys},
    {"mu:", knowledge::RcLayer::mu},
    {"tcti:", knowledge::RcLayer::tcti},
    {"rmt:", knowledge::RcLayer::resource_manager},
    {"rm:", knowledge::RcLayer::resource_manager_tpm},
    {"policy:", knowledge::RcLayer::policy},
    {"drvr:", knowledge::RcLayer::policy},
}};

/// The middle of a decoded TPM code: "parameter(1):", "error(2.0): ".
constexpr std::array<std::pair<std::string_view, knowledge::RcPlace>, 3> kPlaces{{
    {"parameter(", knowledge::RcPlace::parameter},
    {"handle(", knowledge::RcPlace::handle},
    {"session(", knowledge::RcPlace::session},
}};

/// `bit` is that of the family: the codes of its numbers are bit + number.
struct Family {
  std::string_view head;
  knowledge::RcFormat format;
  std::uint32_t bit;
};
constexpr std::array<Family, 2> kFormat0{{
    {"error(2.0):", knowledge::RcFormat::format0_error, 0x100},
    {"warn(2.0):", knowledge::RcFormat::format0_warning, 0x900},
}};

/// Shorter sentences are found in too many lines that have nothing to do with a TPM.
constexpr std::size_t kTellingSize = 20;

void skip_spaces(std::string_view& text) {
  while (!text.empty() && knowledge::is_space(text.front())) text.remove_prefix(1);
}

std::optional<std::uint32_t> read_hexadecimal(std::string_view text) {
  if (!knowledge::take_prefix(text, "0x")) return std::nullopt;
  std::uint32_t value = 0;
  const auto [stop, failure] =
      std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 8), value, 16);
  return failure == std::errc{} ? std::optional(value) : std::nullopt;
}

/// The code of this format with the longest sentence that `text` starts with.
const knowledge::CodeInfo* match_sentence(std::string_view text, knowledge::RcFormat format) {
  const knowledge::CodeInfo* best = nullptr;
  std::size_t size = 0;
  for (const knowledge::CodeInfo& code : knowledge::codes()) {
    if (code.format != format) continue;
    for (const std::string_view sentence : code.decoder_texts) {
      if (sentence.size() > size && knowledge::starts_ignoring_case(text, sentence)) {
        best = &code;
        size = sentence.size();
      }
    }
  }
  return best;
}

/// A sentence, or the number that the decoder prints where it has none, which counts from `bit`.
std::optional<std::uint32_t> read_sentence(std::string_view text, knowledge::RcFormat format,
                                           std::uint32_t bit) {
  skip_spaces(text);
  if (const knowledge::CodeInfo* code = match_sentence(text, format)) return code->number;
  if (knowledge::take_prefix(text, "unknown error num: ")) {
    const auto number = read_hexadecimal(text);
    return number ? std::optional(bit | *number) : std::nullopt;
  }
  if (format == knowledge::RcFormat::format0_error &&
      knowledge::take_prefix(text, "Vendor specific error: ")) {
    const auto number = read_hexadecimal(text);
    return number ? std::optional(0x500U | *number) : std::nullopt;
  }
  return std::nullopt;
}

/// "1):" gives 1, "unk):" gives 0: the decoder's word for no position.
std::optional<std::uint8_t> read_index(std::string_view& text) {
  const std::size_t close = text.find("):");
  if (close == std::string_view::npos || close > 3) return std::nullopt;
  std::uint8_t index = 0;
  std::from_chars(text.data(), text.data() + close, index);
  text.remove_prefix(close + 2);
  return index;
}

std::optional<std::uint32_t> read_format1(std::string_view text, knowledge::RcPlace place) {
  const auto index = read_index(text);
  if (!index || *index > (place == knowledge::RcPlace::parameter ? 15 : 7)) return std::nullopt;
  const auto code = read_sentence(text, knowledge::RcFormat::format1, 0x80);
  if (!code) return std::nullopt;
  return *index == 0 ? *code : knowledge::with_position(*code, {place, *index});
}

std::optional<std::uint32_t> read_tpm_text(std::string_view text) {
  for (const auto& [head, place] : kPlaces) {
    if (knowledge::take_prefix(text, head)) return read_format1(text, place);
  }
  for (const Family& family : kFormat0) {
    if (knowledge::take_prefix(text, family.head))
      return read_sentence(text, family.format, family.bit);
  }
  return read_hexadecimal(text);
}

std::optional<std::uint32_t> read_base_text(std::string_view text) {
  if (const knowledge::CodeInfo* code = match_sentence(text, knowledge::RcFormat::base))
    return code->number;
  return read_hexadecimal(text);
}

std::optional<std::uint32_t> read_in_layer(std::string_view text, knowledge::RcLayer layer) {
  const bool tpm_codes = layer == knowledge::RcLayer::tpm ||
                         layer == knowledge::RcLayer::resource_manager ||
                         layer == knowledge::RcLayer::resource_manager_tpm;
  const auto code = tpm_codes ? read_tpm_text(text) : read_base_text(text);
  if (!code || *code > 0xFFFF) return std::nullopt;
  return (static_cast<std::uint32_t>(layer) << 16U) | *code;
}

/// A sentence that stands for a TPM code wherever it is found.
struct TellingSentence {
  std::string lowered;
  std::uint16_t number;
};

/// Made at the first use: most runs need none of them.
const std::vector<TellingSentence>& telling_sentences() {
  static const std::vector<TellingSentence> sentences = [] {
    std::vector<TellingSentence> found;
    for (const knowledge::CodeInfo& code : knowledge::codes()) {
      if (code.format == knowledge::RcFormat::base) continue;
      for (const std::string_view sentence : code.decoder_texts) {
        if (sentence.size() >= kTellingSize)
          found.push_back({knowledge::lower(sentence), code.number});
      }
    }
    return found;
  }();
  return sentences;
}

}  // namespace

std::optional<std::uint32_t> read_decoder_text(std::string_view text) {
  for (const auto& [prefix, layer] : kPrefixes) {
    if (knowledge::take_prefix(text, prefix)) return read_in_layer(text, layer);
  }
  return std::nullopt;
}

std::optional<std::uint32_t> find_bare_decoder_text(std::string_view line) {
  const std::string lowered = knowledge::lower(line);
  const TellingSentence* best = nullptr;
  for (const TellingSentence& sentence : telling_sentences()) {
    const bool longer = best == nullptr || sentence.lowered.size() > best->lowered.size();
    if (longer && lowered.find(sentence.lowered) != std::string::npos) best = &sentence;
  }
  return best != nullptr ? std::optional<std::uint32_t>(best->number) : std::nullopt;
}

}  // namespace tpmprobe::explain
