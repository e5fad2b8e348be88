// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/program.h"

#include <array>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suites/support/waiting.h"

namespace tpmprobe::suites {
namespace {

std::string all_of(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  ssize_t count = 0;
  while ((count = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(text.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

// tss2 asks for its log in the environment, too, and what it finds there may be ours.
Environment with_no_tpm_but(const Environment& wanted) {
  Environment all{{"TPM2TOOLS_TCTI", std::nullopt},
                  {"DBUS_SESSION_BUS_ADDRESS", std::nullopt},
                  {"DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent"},
                  {"TSS2_LOG", std::nullopt}};
  for (const auto& variable : wanted) {
    std::erase_if(all, [&](const auto& other) { return other.first == variable.first; });
    all.push_back(variable);
  }
  return all;
}

// Mask of the signals that are on their way to a process, from proc(5).
std::uint64_t pending_signals(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    constexpr std::string_view kField = "ShdPnd:";
    if (line.starts_with(kField)) return std::stoull(line.substr(kField.size()), nullptr, 16);
  }
  return 0;
}

tpm::ProcessOptions options_for(const Environment& environment, int output, int errors) {
  tpm::ProcessOptions options;
  options.environment = with_no_tpm_but(environment);
  options.output_fd = output;
  options.error_fd = errors;
  return options;
}

}  // namespace

std::string tpmprobe_path() {
  return TPMPROBE_BINARY_DIR "/cli/tpmprobe";
}

RunningProgram::RunningProgram(const Words& argv, const Environment& environment)
    : output_(::memfd_create("output", MFD_CLOEXEC)),
      errors_(::memfd_create("errors", MFD_CLOEXEC)),
      process_(
          tpm::ChildProcess::start(argv, options_for(environment, output_.get(), errors_.get()))) {
  if (!process_) throw std::runtime_error(process_.error().message);
}

void RunningProgram::signal(int number) {
  ::kill(pid(), number);
}

void RunningProgram::wait_until_delivered(int number) {
  const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(number - 1);
  const auto is_under_way = [&] {
    return (pending_signals(pid()) & bit) != 0 || state_of(pid()) == 'R';
  };
  while (is_under_way()) std::this_thread::yield();
}

bool RunningProgram::wait_until(const std::function<bool()>& condition) {
  // What it did last before its end counts, so the end is looked for first.
  bool runs = true, holds = false;
  const bool decided = comes_true([&] {
    runs = is_running();
    holds = condition();
    return holds || !runs;
  });
  EXPECT_TRUE(decided) << "the program hangs: " << errors();
  return holds;
}

bool RunningProgram::is_running() {
  const tpm::SystemClock clock;
  return !process_->child().wait(clock.now(), clock);
}

std::string RunningProgram::output() const {
  return all_of(output_.get());
}

std::string RunningProgram::errors() const {
  return all_of(errors_.get());
}

ProgramResult RunningProgram::wait() {
  const auto status = process_->child().wait(patience_ends(), tpm::SystemClock());
  if (!status) {
    ADD_FAILURE() << "the program does not end";
    process_->child().kill();
  }
  return {status.value_or(tpm::ExitStatus{-1, SIGKILL}), all_of(output_.get()),
          all_of(errors_.get())};
}

ProgramResult run_program(const Words& argv, const Environment& environment) {
  return RunningProgram(argv, environment).wait();
}

ProgramResult run_tpmprobe(const Words& words, const Environment& environment) {
  return run_program(tpmprobe(words), environment);
}

Words tpmprobe(const Words& words) {
  Words argv{tpmprobe_path()};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return std::move(content).str();
}

}  // namespace tpmprobe::suites
