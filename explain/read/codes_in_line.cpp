// SPDX-License-Identifier: BSD-2-Clause
// Codes and commands in a line of log or prose. A line has many numbers that are no codes (handles,
// sizes, addresses, line numbers), so a number counts by the words in front of it.
#include <algorithm>
#include <array>
#include <charconv>

#include "explain/read/decoder_texts.h"
#include "knowledge/codes.h"
#include "knowledge/text.h"

namespace tpmprobe::explain {
namespace {

/// A run of letters, digits and underscores.
struct Word {
  std::string_view text;
  std::size_t offset = 0;
  [[nodiscard]] std::size_t end() const { return offset + text.size(); }
};

std::vector<Word> split_words(std::string_view line) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i;
    while (end < line.size() && knowledge::is_word_character(line[end])) ++end;
    if (end > i) words.push_back({line.substr(i, end - i), i});
    i = std::max(end, i + 1);
  }
  return words;
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::ranges::any_of(words, [&](auto other) { return knowledge::same_word(word, other); });
}

/// "[   12.345678] "
bool is_kernel_time(std::string_view line) {
  const std::size_t close = line.find(']');
  return close != std::string_view::npos && close > 1 &&
         line.substr(1, close - 1).find_first_not_of(" .0123456789") == std::string_view::npos;
}

/// After these a number is a code.
constexpr std::array<std::string_view, 13> kCodeWords{
    "errorcode", "code", "rc",     "error",   "returned", "returns",       "return",
    "failed",    "with", "result", "failure", "err",      "tpm2_rc_decode"};
/// After these a number that would be a code is something else.
constexpr std::array<std::string_view, 25> kOtherWords{
    "command", "cc",       "commandcode", "index", "handle",  "size",   "offset",
    "tag",     "flags",    "id",          "irq",   "raw",     "alg",    "count",
    "length",  "property", "at",          "pid",   "address", "vendor", "function",
    "version", "line",     "attributes",  "hex"};

/// A line with one of these is about a TPM or its software, so that bare numbers in it can be
/// codes.
bool is_about_tpm(std::string_view line) {
  const std::string lowered = knowledge::lower(line);
  constexpr std::array<std::string_view, 11> kSigns{"tpm", "tss2", "esys",  "eys_", "fapi",  "tcti",
                                                    "tbs", "8028", "esapi", "rmt:", "(2.0):"};
  return std::ranges::any_of(kSigns,
                             [&](auto sign) { return lowered.find(sign) != std::string::npos; });
}

/// "Nov 24 10:00:00 host", "2026-11-24T10:00", "[   12.345678]": a line out of the log of a whole
/// machine, in which most errors are of something else.
bool is_of_system_log(std::string_view line) {
  const std::size_t start = line.find_first_not_of(" \t");
  if (start == std::string_view::npos) return false;
  line.remove_prefix(start);
  const std::string_view head = line.substr(0, std::min<std::size_t>(line.size(), 20));
  if (head.front() == '[') return head.find('.') != std::string_view::npos && is_kernel_time(line);
  const std::size_t colon = head.find(':');
  const bool clock = colon != std::string_view::npos && colon >= 2 && colon + 2 < head.size() &&
                     knowledge::is_digit(head[colon - 1]) && knowledge::is_digit(head[colon + 1]);
  const bool date = clock && colon >= 5 && head.find('/') == std::string_view::npos;
  return date;
}

class LineReader {
 public:
  explicit LineReader(std::string_view line)
      : line_(line), words_(split_words(line)), about_tpm_(is_about_tpm(line)) {}

  std::vector<CodeMention> read() {
    for (std::size_t i = 0; i < words_.size(); ++i) read_word(i);
    if (mentions_.empty()) read_bare_text();
    for (CodeMention& mention : mentions_) {
      mention.command = find_command_in(line_, mention.offset);
    }
    drop_repeated();
    return std::move(mentions_);
  }

 private:
  void read_word(std::size_t i) {
    if (const auto code = read_library_text(i)) return add(*code, i);
    if (const auto code = read_go_tpm(i)) return add(*code, i);
    if (const auto code = read_symbol(i)) return add(*code, i);
    const auto number = read_number(i);
    if (number) add(number->code, i, number->note);
  }

  void add(std::uint32_t code, std::size_t i, std::string note = {}) {
    mentions_.push_back({.code = code, .offset = words_[i].offset, .note = std::move(note)});
  }

  [[nodiscard]] std::string_view word(std::size_t i) const {
    return i < words_.size() ? words_[i].text : std::string_view{};
  }

  [[nodiscard]] char character_before(std::size_t i) const {
    return words_[i].offset == 0 ? ' ' : line_[words_[i].offset - 1];
  }

  [[nodiscard]] std::optional<std::uint32_t> read_library_text(std::size_t i) const {
    const std::size_t end = words_[i].end();
    if (end >= line_.size() || line_[end] != ':') return std::nullopt;
    return read_decoder_text(line_.substr(words_[i].offset));
  }

  /// Position words as go-tpm and IBM's TSS write them: "parameter 1", "Parameter number 1".
  [[nodiscard]] knowledge::RcPosition position_at(std::size_t i) const {
    knowledge::RcPosition where;
    if (knowledge::same_word(word(i), "parameter")) where.place = knowledge::RcPlace::parameter;
    if (knowledge::same_word(word(i), "handle")) where.place = knowledge::RcPlace::handle;
    if (knowledge::same_word(word(i), "session")) where.place = knowledge::RcPlace::session;
    if (where.place == knowledge::RcPlace::none) return {};
    const std::string_view number =
        word(knowledge::same_word(word(i + 1), "number") ? i + 2 : i + 1);
    std::from_chars(number.data(), number.data() + number.size(), where.index);
    const int most = where.place == knowledge::RcPlace::parameter ? 15 : 7;
    return where.index >= 1 && where.index <= most ? where : knowledge::RcPosition{};
  }

  /// "parameter 1, error code 0x15 : …", "warning code 0x2 : …", "error code 0x1 : …": only the
  /// number inside its family, with the family in words.
  [[nodiscard]] std::optional<std::uint32_t> read_go_tpm(std::size_t i) const {
    const bool warning = knowledge::same_word(word(i), "warning");
    if ((!warning && !knowledge::same_word(word(i), "error")) ||
        !knowledge::same_word(word(i + 1), "code") ||
        !knowledge::starts_ignoring_case(word(i + 2), "0x") ||
        !line_.substr(words_[i + 2].end()).starts_with(" :")) {
      return std::nullopt;
    }
    const auto number = read_code(word(i + 2));
    if (!number || number->code > 0x7F) return std::nullopt;
    const knowledge::RcPosition where = i >= 2 ? position_at(i - 2) : knowledge::RcPosition{};
    if (where.place != knowledge::RcPlace::none)
      return knowledge::with_position(0x80 | number->code, where);
    return (warning ? 0x900U : 0x100U) | number->code;
  }

  /// A TSS2_BASE_RC_ symbol has no layer; a function beside it has.
  [[nodiscard]] knowledge::RcLayer layer_in_line() const {
    for (const Word& w : words_) {
      if (knowledge::starts_ignoring_case(w.text, "fapi_")) return knowledge::RcLayer::fapi;
      if (knowledge::starts_ignoring_case(w.text, "tss2_sys_")) return knowledge::RcLayer::sys;
      if (knowledge::starts_ignoring_case(w.text, "tss2_mu_")) return knowledge::RcLayer::mu;
      if (knowledge::starts_ignoring_case(w.text, "tss2_tcti")) return knowledge::RcLayer::tcti;
    }
    return knowledge::RcLayer::esys;
  }

  [[nodiscard]] std::optional<std::uint32_t> read_symbol(std::size_t i) const {
    const std::string_view text = word(i);
    if (!knowledge::starts_ignoring_case(text, "tpm") &&
        !knowledge::starts_ignoring_case(text, "tss2_")) {
      return std::nullopt;
    }
    const auto code = knowledge::find_symbol(text, layer_in_line());
    if (!code || knowledge::decode_rc(*code).format != knowledge::RcFormat::format1) return code;
    const knowledge::RcPosition beside = position_at(i + 1);
    if (beside.place != knowledge::RcPlace::none) return knowledge::with_position(*code, beside);
    for (std::size_t k = i + 2; k + 2 < words_.size(); ++k) {
      const bool spelled_out = knowledge::same_word(word(k + 1), "number");
      if (spelled_out && position_at(k).place != knowledge::RcPlace::none) {
        return knowledge::with_position(*code, position_at(k));
      }
    }
    return code;
  }

  [[nodiscard]] std::optional<CodeMention> read_number(std::size_t i) const {
    const std::string_view text = word(i);
    const std::string_view before = i > 0 ? word(i - 1) : std::string_view{};
    if (!knowledge::is_digit(text.front()) && !knowledge::is_hex_digit(text.front()))
      return std::nullopt;
    if (character_before(i) == '-' || knowledge::starts_ignoring_case(before, "ckr") ||
        is_one_of(before, kOtherWords)) {
      return std::nullopt;
    }
    if (knowledge::starts_ignoring_case(text, "0x")) return read_prefixed(i, before);
    return read_unprefixed(i, before);
  }

  /// "Esys_Sign(0x1D5)", "ErrorCode (0x000001d5)": known or not, that is a code.
  [[nodiscard]] bool is_code_place(std::size_t i, std::string_view before) const {
    const bool call = character_before(i) == '(' && before.find('_') != std::string_view::npos &&
                      words_[i - 1].end() + 1 == words_[i].offset;
    return call || is_one_of(before, kCodeWords);
  }

  [[nodiscard]] std::optional<CodeMention> read_prefixed(std::size_t i,
                                                         std::string_view before) const {
    auto mention = read_code(word(i));
    if (!mention || (mention->code < 0x80 && mention->note.empty())) return std::nullopt;
    const knowledge::DecodedRc decoded = knowledge::decode_rc(mention->code);
    const bool plausible =
        decoded.format != knowledge::RcFormat::undefined && is_code_place(i, before);
    return plausible || knowledge::find_code(decoded) != nullptr ? mention : std::nullopt;
  }

  /// Bare digits: hexadecimal of a software layer as the TSS logs it ("failed with a0001",
  /// "(70018)"), decimal after "code" or "error" as kernel and OpenSSL print it, and Windows
  /// errors.
  [[nodiscard]] std::optional<CodeMention> read_unprefixed(std::size_t i,
                                                           std::string_view before) const {
    const std::string_view text = word(i);
    if (text.size() < 3 || !std::ranges::all_of(text, knowledge::is_hex_digit)) return std::nullopt;
    auto mention = read_code(text);
    if (!mention) return std::nullopt;
    const bool tss_in_parentheses = character_before(i) == '(' && mention->code > 0xFFFF;
    if (!tss_in_parentheses && !is_one_of(before, kCodeWords)) return std::nullopt;
    const knowledge::DecodedRc decoded = knowledge::decode_rc(mention->code);
    const bool windows = text.starts_with("8028") && text.size() == 8;
    if (!windows && find_code(decoded) == nullptr && !is_kernel_echo(mention->code)) {
      return std::nullopt;
    }
    const bool decimal_place = about_tpm_ && is_one_of(before, kDecimalWords);
    if (mention->is_decimal && decoded.is_tpm_code() && !decimal_place) return std::nullopt;
    if (!windows && !about_tpm_) return std::nullopt;
    return mention;
  }

  /// A driver prints the response code in decimal, and some firmware answers with the command code.
  [[nodiscard]] bool is_kernel_echo(std::uint32_t code) const {
    return about_tpm_ && knowledge::find_command(code) != nullptr;
  }

  void read_bare_text() {
    if (!about_tpm_) return;
    if (const auto code = find_bare_decoder_text(line_)) {
      mentions_.push_back({.code = *code, .offset = line_.size(), .note = {}});
    }
  }

  /// The same code again, or without the position that another mention has, says nothing new.
  void drop_repeated() {
    std::vector<CodeMention> kept;
    for (const CodeMention& mention : mentions_) {
      const auto same = [&](const CodeMention& other) {
        return &other != &mention && says_the_same(other.code, mention.code);
      };
      const bool better_elsewhere = std::ranges::any_of(mentions_, [&](const CodeMention& other) {
        return same(other) &&
               knowledge::decode_rc(other.code).where.place != knowledge::RcPlace::none &&
               knowledge::decode_rc(mention.code).where.place == knowledge::RcPlace::none;
      });
      if (!better_elsewhere && std::ranges::none_of(kept, same)) kept.push_back(mention);
    }
    mentions_ = std::move(kept);
  }

  static bool says_the_same(std::uint32_t a, std::uint32_t b) {
    const knowledge::DecodedRc x = knowledge::decode_rc(a);
    const knowledge::DecodedRc y = knowledge::decode_rc(b);
    const bool one_bare =
        x.where.place == knowledge::RcPlace::none || y.where.place == knowledge::RcPlace::none;
    return a == b || (x.format == y.format && x.layer == y.layer && x.base == y.base && one_bare);
  }

  /// After these a decimal number is a response code.
  static constexpr std::array<std::string_view, 4> kDecimalWords{"error", "code", "rc",
                                                                 "errorcode"};

  std::string_view line_;
  std::vector<Word> words_;
  bool about_tpm_;
  std::vector<CodeMention> mentions_;
};

std::string_view without_step(std::string_view name) {
  for (const std::string_view step : {"_Finish", "_Async", "_Complete", "_Prepare", "_Execute"}) {
    if (name.ends_with(step)) return name.substr(0, name.size() - step.size());
  }
  return name;
}

/// Without a prefix only what cannot be a word of prose: "NV_ReadPublic", "EvictControl", "Load()",
/// "Load Object Failed".
bool stands_out(std::string_view name, std::string_view rest) {
  const bool mixed = std::ranges::any_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool capitals_inside = std::ranges::any_of(name.substr(1), knowledge::is_capital);
  return mixed && (capitals_inside || rest.starts_with("()") || rest.starts_with(" Object "));
}

const knowledge::CommandInfo* command_named(std::string_view word, std::string_view rest) {
  const std::string_view name = without_step(word);
  for (const std::string_view prefix :
       {"TPM2_", "TPM_CC_", "Esys_", "Eys_", "Tss2_Sys_", "TPM2_CC_"}) {
    if (name.starts_with(prefix)) return knowledge::find_command(name);
  }
  if (!knowledge::is_capital(name.front()) || !stands_out(name, rest)) return nullptr;
  const knowledge::CommandInfo* command = knowledge::find_command(name);
  return command != nullptr && command->name == name ? command : nullptr;
}

}  // namespace

const knowledge::CommandInfo* find_command_in(std::string_view line, std::size_t offset) {
  const knowledge::CommandInfo* found = nullptr;
  for (const Word& word : split_words(line)) {
    if (found != nullptr && word.offset > offset) break;
    const knowledge::CommandInfo* command = command_named(word.text, line.substr(word.end()));
    if (command != nullptr) found = command;
  }
  return found;
}

std::vector<CodeMention> find_codes(std::string_view line) {
  if (is_of_system_log(line) && !is_about_tpm(line)) return {};
  return LineReader(line).read();
}

}  // namespace tpmprobe::explain
