// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "knowledge/ascii.h"
#include "knowledge/firmware_profile/reading.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge::reading {
namespace {

constexpr std::string_view kCurves = "ecc-curves";
constexpr std::array<std::string_view, 5> kSections{"properties-fixed", "properties-variable",
                                                    "algorithms", kCurves, "commands"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

/// "commands" of "===== commands (name: TPMA_CC) =====".
std::string_view section_of(std::string_view heading) {
  heading.remove_prefix(std::min(heading.find_first_not_of("= "), heading.size()));
  return heading.substr(0, heading.find_first_of(" ="));
}

/// Comments, prompts of a shell and elements of lists (handles, PCRs).
bool says_nothing(std::string_view line) {
  return line.empty() || line.starts_with('#') || line.starts_with("$ ") ||
         line.starts_with("- ") || line == "-";
}

bool is_name(std::string_view name) {
  const auto belongs = [](char c) {
    return is_word_character(c) || c == ' ' || c == '-' || c == '.' || c == '/';
  };
  return !name.empty() && std::ranges::all_of(name, belongs);
}

/// A name alone is one of a list of commands only.
bool may_stand_alone(std::string_view name) {
  return starts_ignoring_case(name, "TPM2_CC_") || starts_ignoring_case(name, "TPM_CC_");
}

class Reader {
 public:
  void take(std::size_t number, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) fail_line(number, "is not text");
    const auto line = trimmed(text);
    if (line.starts_with("=====")) return start(section_of(line));
    if (says_nothing(line) || is_skipping_) return;
    add(split(number, line), is_space(text.front()));
  }

  GetcapText result;

 private:
  void start(std::string_view section) {
    result.has_no_curves |= section_ == kCurves && result.entries.size() == entries_before_;
    section_ = section;
    entries_before_ = result.entries.size();
    is_skipping_ = std::ranges::find(kSections, section) == kSections.end();
  }

  static GetcapLine split(std::size_t number, std::string_view line) {
    const auto colon = std::min(line.find(':'), line.size());
    const auto name = trimmed(line.substr(0, colon));
    if (!is_name(name) || (colon == line.size() && !may_stand_alone(name))) {
      fail_line(number, "is no line of tpm2_getcap");
    }
    return {number, name, trimmed(line.substr(std::min(colon + 1, line.size())))};
  }

  void add(const GetcapLine& line, bool is_member) {
    if (is_member && !result.entries.empty()) {
      result.entries.back().members.push_back(line);
    } else {
      result.entries.push_back({line, {}});
    }
  }

  std::string_view section_;
  std::size_t entries_before_ = 0;
  bool is_skipping_ = false;
};

}  // namespace

void fail_line(std::size_t number, std::string_view reason) {
  throw DocumentError{fmt::format("line {}", number), std::string(reason)};
}

std::uint32_t line_number(std::size_t line, std::string_view word, unsigned bits) {
  auto digits = word;
  const int base = take_prefix(digits, "0x") ? 16 : 10;
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    fail_line(line, fmt::format("'{}' is no number", word));
  }
  if (value >> bits != 0) fail_line(line, fmt::format("is longer than {} bits", bits));
  return static_cast<std::uint32_t>(value);
}

const GetcapLine* GetcapEntry::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &GetcapLine::name);
  return found == members.end() ? nullptr : &*found;
}

GetcapText getcap_text(std::string_view text) {
  Reader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.take(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader.result);
}

}  // namespace tpmprobe::knowledge::reading
