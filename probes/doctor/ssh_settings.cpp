// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/ssh_settings.h"

#include <algorithm>
#include <sstream>

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

void add_file(const Machine& machine, const std::string& path, std::vector<SshSetting>& settings) {
  std::istringstream lines(machine.content(path).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    auto [keyword, value] = split(line);
    if (!keyword.empty()) settings.push_back({std::move(keyword), std::move(value), path});
  }
}

void add_folder(const Machine& machine, const std::string& path,
                std::vector<SshSetting>& settings) {
  for (const auto& file : machine.files_in(path)) {
    if (file.ends_with(".conf")) add_file(machine, file, settings);
  }
}

}  // namespace

std::vector<SshSetting> client_settings(const Machine& machine) {
  std::vector<SshSetting> settings;
  add_file(machine, machine.home + "/.ssh/config", settings);
  add_folder(machine, "/etc/ssh/ssh_config.d", settings);
  add_file(machine, "/etc/ssh/ssh_config", settings);
  return settings;
}

std::vector<SshSetting> server_settings(const Machine& machine) {
  std::vector<SshSetting> settings;
  add_folder(machine, "/etc/ssh/sshd_config.d", settings);
  add_file(machine, "/etc/ssh/sshd_config", settings);
  const auto match = std::ranges::find(settings, "match", &SshSetting::keyword);
  settings.erase(match, settings.end());
  return settings;
}

std::string first_value(const std::vector<SshSetting>& settings, std::string_view keyword) {
  const auto found = std::ranges::find(settings, keyword, &SshSetting::keyword);
  return found != settings.end() ? found->value : "";
}

}  // namespace tpmprobe::probes
