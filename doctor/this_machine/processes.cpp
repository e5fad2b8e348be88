// SPDX-License-Identifier: BSD-2-Clause
#include <charconv>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "doctor/this_machine/parts.h"

namespace tpmprobe::doctor {
namespace {

/// A process that ended meanwhile has no files any more, and then no name.
struct Running {
  int pid;
  std::filesystem::path folder;
  std::string name;
};

std::vector<Running> all_running() {
  std::vector<Running> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string digits = entry.path().filename();
    int pid = 0;
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, pid).ptr != end) continue;
    std::string name;
    std::ifstream stream(entry.path() / "comm");
    std::getline(stream, name);
    found.push_back({pid, entry.path(), std::move(name)});
  }
  return found;
}

bool has_open(const std::filesystem::path& process, const std::string& file) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(process / "fd", error)) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry.path(), ignored) == file) return true;
  }
  return false;
}

std::vector<std::string> arguments_of(const std::filesystem::path& process) {
  std::ifstream stream(process / "cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string word; std::getline(stream, word, '\0');) arguments.push_back(word);
  return arguments;
}

}  // namespace

std::vector<std::string> holders_of(const std::string& file) {
  std::vector<std::string> found;
  for (const auto& process : all_running()) {
    if (process.pid == ::getpid() || !has_open(process.folder, file)) continue;
    found.push_back(fmt::format("{} (pid {})", process.name, process.pid));
  }
  return found;
}

std::vector<Process> processes_called(std::string_view name) {
  std::vector<Process> found;
  for (const auto& process : all_running()) {
    if (process.name == name) found.push_back({process.pid, arguments_of(process.folder)});
  }
  return found;
}

}  // namespace tpmprobe::doctor
