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
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  for (const auto& folder : {home(), temporary()}) {
    // Somebody may be removing it just now; what then cannot be read is not gone yet.
    std::error_code changing;
    for (fs::recursive_directory_iterator entry(folder, changing), end; entry != end;) {
      found.push_back(entry->path());
      entry.increment(changing);
    }
    if (changing) found.push_back(folder.string() + ": " + changing.message());
  }
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto command = content_of(entry.path() / "cmdline");
    if (command.find(folder_.path().string()) != std::string::npos) found.push_back(command);
  }
  return found;
}

void HeldWalk::SetUp() {
  WalkInFolder::SetUp();
  auto swtpm = emulator::SwtpmProcess::start();
  ASSERT_TRUE(swtpm) << swtpm.error().message;
  swtpm_ = std::move(*swtpm);
  relay_ = std::make_unique<SwtpmRelay>(*swtpm_);
}

RunningProgram HeldWalk::start(const Words& more) {
  relay_->hold_at(1);
  Words words{"ssh", "--tcti", relay_->tcti(), "--only", "*.ecc256", "-v"};
  words.insert(words.end(), more.begin(), more.end());
  return RunningProgram(tpmprobe(words), environment());
}

// A step that ends writes its line before the next one begins, so the first command after the line
// is the next one's.
bool HeldWalk::go_into_step_after(std::size_t steps, RunningProgram& walk) {
  while (relay_->wait_until_held(walk)) {
    if (lines_of(walk.errors()).size() >= steps) return true;
    relay_->pass();
  }
  return false;
}

}  // namespace tpmprobe::suites
