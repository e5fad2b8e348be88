// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/ssh_settings.h"

#include <algorithm>
#include <sstream>

#include "knowledge/glob.h"

namespace tpmprobe::probes {
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

/// Whose settings are read, and into what.
struct Reader {
  const Machine& machine;
  std::string base;    ///< where a relative path of an Include starts
  bool stop_at_match;  ///< sshd: what follows is for some only, to the end of that file
  std::vector<SshSetting> settings = {};

  void read(const std::string& path, int depth = 0);
  void include(const std::string& patterns, int depth);
};

void Reader::read(const std::string& path, int depth) {
  constexpr int kDeepest = 16;  // as ssh has it
  if (depth > kDeepest) return;
  std::istringstream lines(machine.content(path).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    auto [keyword, value] = split(line);
    if (keyword == "match" && stop_at_match) return;
    if (keyword == "include") {
      include(value, depth + 1);
    } else if (!keyword.empty()) {
      settings.push_back({std::move(keyword), std::move(value), path});
    }
  }
}

void Reader::include(const std::string& patterns, int depth) {
  std::istringstream words(patterns);
  for (std::string word; words >> word;) {
    if (word.starts_with("~/")) word = machine.home + word.substr(1);
    if (!word.starts_with("/")) word = base + "/" + word;
    for (const auto& file : machine.files_in(std::filesystem::path(word).parent_path().string())) {
      if (knowledge::matches_glob(word, file)) read(file, depth);
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
  const auto found = std::ranges::find(settings, keyword, &SshSetting::keyword);
  return found != settings.end() ? found->value : "";
}

}  // namespace tpmprobe::probes
