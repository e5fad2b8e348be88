// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/ssh_settings.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "knowledge/text.h"

namespace tpmprobe::doctor {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string small(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// "Keyword value", "Keyword = value" or "Keyword=value".
std::pair<std::string, std::string> split(const std::string& line) {
  const auto start = line.find_first_not_of(kBlank);
  if (start == std::string::npos || line[start] == '#') return {};
  const auto end = line.find_first_of(" \t=", start);
  const auto keyword = small(line.substr(start, end - start));
  const auto value = line.find_first_not_of(" \t=", end);
  if (end == std::string::npos || value == std::string::npos) return {keyword, ""};
  auto text = line.substr(value, line.find_last_not_of(kBlank) - value + 1);
  std::erase(text, '"');
  return {keyword, text};
}

/// The block that a Host or Match line begins; empty if it is for every host.
std::string block_of(const std::string& keyword, const std::string& value) {
  std::istringstream words(value);
  const std::vector<std::string> all(std::istream_iterator<std::string>(words), {});
  const bool refuses =
      std::ranges::any_of(all, [](const auto& word) { return word.starts_with("!"); });
  const bool general = keyword == "host" ? !refuses && std::ranges::find(all, "*") != all.end()
                                         : all.size() == 1 && small(all.front()) == "all";
  return general ? "" : keyword + " " + value;
}

/// Whose settings are read, and into what.
struct Reader {
  const Machine& machine;
  std::string base;    ///< where a relative path of an Include starts
  bool stop_at_match;  ///< sshd: what follows is for some only, to the end of that file
  std::vector<SshSetting> settings = {};
  int files = 0;  ///< read so far

  void read(const std::string& path, const std::string& around = "", int depth = 0);
  void include(const std::string& patterns, const std::string& around, int depth);
};

void Reader::read(const std::string& path, const std::string& around, int depth) {
  constexpr int kDeepest = 16;    // as ssh has it
  constexpr int kMostFiles = 64;  // one that includes itself twice would be read 2^16 times
  if (depth > kDeepest || files == kMostFiles) return;
  ++files;
  auto block = around;
  std::istringstream lines(machine.content(path).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    auto [keyword, value] = split(line);
    if (keyword == "match" && stop_at_match) return;
    if (keyword == "host" || keyword == "match") {
      block = block_of(keyword, value);
      if (block.empty()) block = around;
    } else if (keyword == "include") {
      include(value, block, depth + 1);
    } else if (!keyword.empty()) {
      settings.push_back({std::move(keyword), std::move(value), path, block});
    }
  }
}

void Reader::include(const std::string& patterns, const std::string& around, int depth) {
  std::istringstream words(patterns);
  for (std::string word; words >> word;) {
    if (word.starts_with("~/")) word = machine.home + word.substr(1);
    if (!word.starts_with("/")) word = base + "/" + word;
    for (const auto& file : machine.files_in(std::filesystem::path(word).parent_path().string())) {
      if (knowledge::matches_glob(word, file)) read(file, around, depth);
    }
  }
}

}  // namespace

std::vector<SshSetting> client_settings(const Machine& machine) {
  Reader own{machine, machine.home + "/.ssh", false}, common{machine, "/etc/ssh", false};
  own.read(machine.home + "/.ssh/config");
  common.read("/etc/ssh/ssh_config");
  own.settings.insert(own.settings.end(), common.settings.begin(), common.settings.end());
  return own.settings;
}

std::vector<SshSetting> server_settings(const Machine& machine) {
  Reader reader{machine, "/etc/ssh", true};
  reader.read("/etc/ssh/sshd_config");
  return reader.settings;
}

std::string first_value(const std::vector<SshSetting>& settings, std::string_view keyword) {
  const auto found = std::ranges::find_if(settings, [&](const SshSetting& setting) {
    return setting.keyword == keyword && setting.block.empty();
  });
  return found != settings.end() ? found->value : "";
}

}  // namespace tpmprobe::doctor
