// SPDX-License-Identifier: BSD-2-Clause
// The words of a command line: the one source that includes CLI11, whose headers take longer to
// compile than all else in this room. Arguments declares and reads; Option says what a value may
// be; near_words(), at the end, finds what a word that nobody knows was meant to be.
#include "cli/arguments.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include <CLI/CLI.hpp>

#include "knowledge/text.h"

namespace tpmprobe::cli {
namespace {

constexpr std::size_t kNear = 3;

}  // namespace

const Option& Option::one_of(const std::vector<std::string>& words) const {
  option_->check(CLI::IsMember(words));
  return *this;
}

const Option& Option::between(std::uint16_t first, std::uint16_t last) const {
  option_->check(CLI::Range(first, last));
  return *this;
}

const Option& Option::excludes(const std::string& name) const {
  option_->excludes(name);
  return *this;
}

const Option& Option::needs(const std::string& name) const {
  option_->needs(name);
  return *this;
}

Arguments::Arguments(std::string command, const std::string& summary)
    : command_(std::move(command)),
      app_(std::make_unique<CLI::App>(summary, "tpmprobe " + command_)) {}

Arguments::~Arguments() = default;

Option Arguments::flag(const std::string& names, bool& value, const std::string& help) {
  return Option(app_->add_flag(names, value, help));
}

Option Arguments::option(const std::string& names, std::string& value, const std::string& help) {
  return Option(app_->add_option(names, value, help));
}

Option Arguments::option(const std::string& names, std::optional<std::string>& value,
                         const std::string& help) {
  return Option(app_->add_option(names, value, help));
}

Option Arguments::option(const std::string& names, std::optional<std::uint16_t>& value,
                         const std::string& help) {
  return Option(app_->add_option(names, value, help));
}

Option Arguments::repeated(const std::string& names, std::vector<std::string>& values,
                           const std::string& help) {
  return Option(app_->add_option(names, values, help)->allow_extra_args(false));
}

Option Arguments::others(const std::string& name, std::vector<std::string>& values,
                         const std::string& help) {
  return Option(app_->add_option(name, values, help)->type_name(""));
}

void Arguments::footer(const std::string& text) {
  app_->footer(text);
}

tl::expected<void, ExitCode> Arguments::read(const std::vector<std::string>& words,
                                             Console& console) {
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 takes them
    app_->parse(reversed);
    return {};
  } catch (const CLI::CallForHelp&) {
    console.out << help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse(error.what(), console);
  }
}

tl::unexpected<ExitCode> Arguments::refuse(std::string why, Console& console) const {
  std::ranges::replace(why, '\n', ' ');  // some messages of CLI11 have several lines
  complain(console, command_, why, kExitUsage);
  return tl::unexpected(kExitUsage);
}

std::string Arguments::help() const {
  return app_->help();
}

std::size_t letters_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

std::vector<std::string_view> near_words(std::string_view word,
                                         const std::vector<std::string_view>& all,
                                         std::size_t limit) {
  const std::string meant = knowledge::lower(word);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const auto candidate : all) {
    const std::string text = knowledge::lower(candidate);
    const std::size_t far = letters_between(meant, text);
    const bool contains = !meant.empty() && text.find(meant) != std::string::npos;
    if (far <= kNear || contains) found.emplace_back(far, candidate);
  }
  std::ranges::sort(found);
  std::vector<std::string_view> words;
  for (const auto& [far, candidate] : found) words.push_back(candidate);
  words.resize(std::min(words.size(), limit));
  return words;
}

}  // namespace tpmprobe::cli
