// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {

std::string verdict_of(const nlohmann::json& report, std::string_view id) {
  const auto result = result_of(report, id);
  return result.is_null() ? "none" : result.at("verdict").get<std::string>();
}

std::optional<Words> with_mounted(const std::string& file, const std::string& place,
                                  const Words& argv) {
  Words words{"unshare", "--mount", "sh", "-c", R"(mount --bind "$0" "$1" && shift && exec "$@")",
              file,      place};
  auto trial = words;
  trial.emplace_back("true");
  if (!run_program(trial).status.succeeded()) return std::nullopt;
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

void WalkInFolder::SetUp() {
  std::filesystem::create_directory(home());
  std::filesystem::create_directory(temporary());
}

Environment WalkInFolder::environment() const {
  return {{"HOME", home().string()}, {"TMPDIR", temporary().string()}};
}

ProgramResult WalkInFolder::walk(const Words& words, const Environment& more) {
  Words all{"ssh", "--format", "json"};
  all.insert(all.end(), words.begin(), words.end());
  auto variables = environment();
  variables.insert(variables.end(), more.begin(), more.end());
  return run_tpmprobe(all, variables);
}

std::vector<std::string> WalkInFolder::left_over() const {
  std::vector<std::string> found;
  for (const auto& folder : {home(), temporary()}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      found.push_back(entry.path());
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto command = content_of(entry.path() / "cmdline");
    if (command.find(folder_.path().string()) != std::string::npos) found.push_back(command);
  }
  return found;
}

}  // namespace tpmprobe::suites
