// SPDX-License-Identifier: BSD-2-Clause
#include "suites/bench/process_cost.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tpmprobe::bench {
namespace {

[[noreturn]] void execute(const std::vector<std::string>& argv, int output) {
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  dup2(output, STDOUT_FILENO);
  execvp(words[0], words.data());
  _exit(127);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = read(descriptor, piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(size));
  }
  return text;
}

std::size_t high_water_mark(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  constexpr std::size_t kKilo = 1024;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:" && status >> word) return std::stoull(word) * kKilo;
  }
  return 0;
}

bool stopped_by_event(int status, int event) {
  return WIFSTOPPED(status) && status >> 8 == (SIGTRAP | event << 8);
}

// The process stops once more after its last instruction, while its memory is still there.
std::optional<std::size_t> watch_until_exit(pid_t child) {
  int status = 0;
  std::size_t peak = 0;
  if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return std::nullopt;
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL);
  ptrace(PTRACE_CONT, child, nullptr, nullptr);
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    const bool last = stopped_by_event(status, PTRACE_EVENT_EXIT);
    if (last) peak = high_water_mark(child);
    ptrace(PTRACE_CONT, child, nullptr, last ? 0 : WSTOPSIG(status));
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 && peak != 0 ? std::optional(peak)
                                                                    : std::nullopt;
}

}  // namespace

std::optional<ProcessCost> run(const std::vector<std::string>& argv, const std::string& tcti) {
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) return std::nullopt;
  if (!tcti.empty()) setenv("TPM2TOOLS_TCTI", tcti.c_str(), 1);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) execute(argv, pipe[1]);
  close(pipe[1]);
  ProcessCost cost;
  cost.output = read_all(pipe[0]);
  close(pipe[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return std::nullopt;
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
  cost.wall_ms = wall.count();
  return cost;
}

std::optional<std::size_t> peak_memory(const std::vector<std::string>& argv) {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execute(argv, nowhere);
  }
  close(nowhere);
  return child < 0 ? std::nullopt : watch_until_exit(child);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace tpmprobe::bench
