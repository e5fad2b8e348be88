// SPDX-License-Identifier: BSD-2-Clause
#include "explain/text.h"

#include <array>
#include <ostream>

#include <fmt/format.h>

#include "explain/explanation.h"
#include "text/clean_text.h"
#include "text/page.h"

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
           parameter ? "the position counts parameters" : "the position does not count parameters");
  bits.add(5, 0, fmt::format("error {:#x} of format 1", decoded.base & 0x3fU));
}

void add_format0(const DecodedRc& decoded, Bits& bits) {
  bits.add(11, 11, bits.is_set(11) ? "warning" : "error");
  bits.add(10, 10,
           bits.is_set(10) ? "defined by the manufacturer" : "defined by the specification");
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

namespace {

using knowledge::RcFormat;
using knowledge::RcPlace;
using text::Page;

/// Without the command a code such as VALUE has more causes than a person reads.
constexpr std::size_t kMostCausesWithoutCommand = 4;

std::string_view format_in_words(RcFormat format) {
  constexpr std::array<std::string_view, 9> kWords{
      "success",
      "TPM 1.2 code (bits 7 and 8 are clear)",
      "format 0, error (0x1xx)",
      "format 0, warning (0x9xx)",
      "format 0, vendor-defined (bit 10 is set)",
      "format 1: error number and position (bit 7 is set)",
      "code of a software layer",
      "code that an implementation defines for itself",
      "no format: reserved bits are set"};
  return kWords.at(static_cast<std::size_t>(format));
}

std::string layer_in_words(const Explanation& explanation) {
  const auto& decoded = explanation.decoded;
  std::string title = layer_title(decoded.layer);
  if (title.ends_with(',')) title.pop_back();
  if (title.starts_with("The ")) title.erase(0, 4);
  return fmt::format("{} ({})", decoded.layer_number, title);
}

std::string position_in_words(const Explanation& explanation) {
  const auto where = explanation.decoded.where;
  if (where.place == RcPlace::none) return {};
  const std::string& name = explanation.place_name;
  return fmt::format("{} {}{}", knowledge::to_string(where.place), where.index,
                     name.empty() ? "" : ": " + name);
}

/// "0x1d5 = 469 = TPM_RC_SIZE (0x95) + parameter 1"
std::string code_in_words(const Explanation& explanation) {
  const auto& decoded = explanation.decoded;
  std::string words = fmt::format("{0:#x} = {0}", decoded.value);
  if (explanation.symbol.empty()) return words;
  words += " = " + explanation.symbol;
  if (decoded.format == RcFormat::format1 && decoded.where.place != RcPlace::none) {
    words += fmt::format(" ({:#x}) + {} {}", decoded.base,
                         knowledge::to_string(decoded.where.place), decoded.where.index);
  }
  return words;
}

void write_cause(Page& page, const ExplainedCause& cause, std::size_t number) {
  std::string words = fmt::format("[{}] ", knowledge::to_string(cause.cause_class));
  if (!cause.only_for.empty()) words += "If the command was " + cause.only_for + ": ";
  const std::string bullet = fmt::format("{}.", number);
  page.item({bullet, bullet, {}, {}}, words + cause.summary, 2);
  page.record({{"confirm", cause.confirm}, {"fix", cause.fix}}, 5);
}

void write_causes(Page& page, const Explanation& explanation) {
  const auto& causes = explanation.causes;
  if (causes.empty()) return;
  const bool open = explanation.command == nullptr && explanation.message == nullptr &&
                    causes.size() > kMostCausesWithoutCommand;
  const std::size_t shown = open ? kMostCausesWithoutCommand : causes.size();
  page.heading(causes.size() == 1 ? "Likely cause" : "Likely causes, most likely first");
  for (std::size_t i = 0; i < shown; ++i) write_cause(page, causes[i], i + 1);
  if (open) {
    page.paragraph(fmt::format("{} more: name the command that failed (for example --command Sign) "
                               "to see only the causes that apply.",
                               causes.size() - shown),
                   2, text::kFaint);
  }
}

/// One line for each field, as the bits stand in the code from left to right.
void write_bits(const Explanation& explanation, std::ostream& out) {
  out << "\n  bit      value     meaning\n";
  for (const BitField& field : bit_fields(explanation.decoded)) {
    const auto numbers = field.high == field.low ? fmt::format("{}", field.high)
                                                 : fmt::format("{}-{}", field.high, field.low);
    out << fmt::format("  {:<8} {:<9} {}\n", numbers, field.digits, field.meaning);
  }
}

void write_explanation(Page& page, const Explanation& explanation, const std::string& note,
                       std::ostream& out) {
  // Not wrapped, so that `head -1` and a search find it whole.
  out << text::painted(explanation.sentence, text::kStrong, page.style()) << '\n';
  if (!explanation.meaning.empty() && !explanation.echo) page.paragraph(explanation.meaning, 2);
  const auto* command = explanation.command;
  if (explanation.message != nullptr) {
    page.record({{"symbol", explanation.symbol},
                 {"printed by", std::string(explanation.message->family)},
                 {"severity", std::string(knowledge::to_string(explanation.severity))}},
                2);
    return write_causes(page, explanation);
  }
  page.record({{"code", code_in_words(explanation)},
               {"layer", layer_in_words(explanation)},
               {"format", std::string(format_in_words(explanation.decoded.format))},
               {"position", position_in_words(explanation)},
               {"command", command != nullptr ? full_name(*command) : std::string{}},
               {"severity", std::string(knowledge::to_string(explanation.severity))},
               {"reading", note}},
              2);
  if (page.style().bits) write_bits(explanation, out);
  write_causes(page, explanation);
}

/// "line 3" or "lines 3 to 9, 4 times"
std::string lines_in_words(const LoggedExplanation& logged) {
  if (logged.first_line == logged.last_line) return fmt::format("line {}", logged.first_line);
  return fmt::format("lines {} to {}, {} times", logged.first_line, logged.last_line, logged.count);
}

void write_log(Page& page, const ExplainedText& text, std::ostream& out) {
  for (const auto& logged : text.explanations) {
    std::string words = lines_in_words(logged) + ": " + logged.explanation.sentence;
    if (logged.explanation.severity >= knowledge::RcSeverity::follow_up) {
      words += fmt::format(" [{}]", knowledge::to_string(logged.explanation.severity));
    }
    out << words << '\n';
  }
  const LoggedExplanation& first = text.explanations[*text.primary];
  page.heading("Read this first: " + lines_in_words(first));
  page.paragraph(text::clean(first.text, page.style().unicode), 2, text::kFaint);
  out << '\n';
  write_explanation(page, first.explanation, first.note, out);
}

}  // namespace

void write_text(const Explanation& explanation, const text::TextStyle& style, std::ostream& out) {
  Page page(out, style);
  write_explanation(page, explanation, {}, out);
}

void write_text(const ExplainedText& text, const text::TextStyle& style, std::ostream& out) {
  Page page(out, style);
  if (text.is_log && text.explanations.size() > 1) return write_log(page, text, out);
  bool first = true;
  for (const auto& logged : text.explanations) {
    if (!first) out << '\n';
    first = false;
    write_explanation(page, logged.explanation, logged.note, out);
  }
}

}  // namespace tpmprobe::explain
