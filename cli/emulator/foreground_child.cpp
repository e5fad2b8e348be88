// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emulator/foreground_child.h"

#include <algorithm>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tpm/posix/child.h"
#include "tpm/posix/os_error.h"

namespace tpmprobe::cli {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const Variables& variables) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto name = text.substr(0, text.find('='));
    const auto replaces = [&](const auto& variable) { return variable.first == name; };
    if (std::ranges::none_of(variables, replaces)) result.emplace_back(text);
  }
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

/// The signals as a new program expects them: we ignore SIGPIPE, and block what stops us.
int spawn(pid_t& pid, char* const* argv, char* const* environment, const sigset_t& mask) {
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &mask);
  const int error = posix_spawnp(&pid, argv[0], nullptr, &attributes, argv, environment);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

Expected<ForegroundChild> ForegroundChild::start(const std::vector<std::string>& argv,
                                                 const Variables& variables, const sigset_t& mask) {
  auto words = argv;
  auto environment = environment_with(variables);
  pid_t pid = 0;
  const int error = spawn(pid, pointers_to(words).data(), pointers_to(environment).data(), mask);
  if (error != 0) return tpm::os_failure(fmt::format("cannot run {}", argv.front()), error);
  return ForegroundChild(pid, tpm::watch_process(pid));
}

void ForegroundChild::signal(int number) const {
  ::kill(pid_, number);
}

int ForegroundChild::wait() const {
  constexpr int kSignalBase = 128;
  int raw = 0;
  while (::waitpid(pid_, &raw, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(raw) ? kSignalBase + WTERMSIG(raw) : WEXITSTATUS(raw);
}

}  // namespace tpmprobe::cli
