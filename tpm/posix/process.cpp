// SPDX-License-Identifier: BSD-2-Clause
// Starting a program: ChildProcess::start() finds it, opens what it reads and writes, and hands
// all that to spawn(), which forks; execute() is the child's side. What the child needs is made
// before the fork. Running one to its end stands in run_process.cpp.
#include "tpm/posix/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tpm/posix/os_error.h"

namespace tpmprobe::tpm {
namespace {

struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

Expected<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return os_failure("cannot make a pipe", errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// A file in memory: unlike a pipe it neither blocks the writer nor kills it with SIGPIPE.
Expected<UniqueFd> input_file(const std::string& content) {
  UniqueFd file(::memfd_create("input", MFD_CLOEXEC));
  if (!file) return os_failure("cannot make a file in memory", errno);
  if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    return os_failure("cannot fill a file in memory", errno);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

/// Everything the child needs, made before the fork so that the child allocates nothing.
struct Launch {
  std::string path;
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::string directory;
  int input = -1;
  int output = -1;
  int errors = -1;
  int failure = -1;
  pid_t parent = 0;
};

/// Runs in the child; on failure the parent gets the errno value through the pipe.
int execute(const Launch& launch, char* const* argv, char* const* environment) {
  die_with_parent(launch.parent);
  ::dup2(launch.input, STDIN_FILENO);
  ::dup2(launch.output, STDOUT_FILENO);
  ::dup2(launch.errors, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (launch.directory.empty() || ::chdir(launch.directory.c_str()) == 0) {
    ::execve(launch.path.c_str(), argv, environment);
  }
  const int reason = errno;
  return ::write(launch.failure, &reason, sizeof reason) == sizeof reason ? 126 : 127;
}

Expected<Child> spawn(Launch launch, Pipe failure) {
  const auto argv = pointers_to(launch.argv);
  const auto environment = pointers_to(launch.environment);
  launch.failure = failure.writing.get();
  launch.parent = ::getpid();
  auto child = Child::fork([&] { return execute(launch, argv.data(), environment.data()); });
  if (!child) return child;
  failure.writing.reset();
  int reason = 0;
  if (::read(failure.reading.get(), &reason, sizeof reason) > 0) {
    return os_failure("cannot run " + launch.argv.front(), reason);
  }
  return child;
}

/// The end that the child writes to; `reading` gets ours, if there is no descriptor in the options.
Expected<UniqueFd> output_end(int given, UniqueFd& reading) {
  if (given >= 0) {
    UniqueFd copy(::fcntl(given, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!copy) return os_failure("cannot use a log file", errno);
    return copy;
  }
  auto pipe = make_pipe();
  if (!pipe) return tl::unexpected(pipe.error());
  ::fcntl(pipe->reading.get(), F_SETFL, O_NONBLOCK);
  reading = std::move(pipe->reading);
  return std::move(pipe->writing);
}

bool is_program(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::vector<std::string> environment_with(const EnvironmentChanges& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto name = text.substr(0, text.find('='));
    const auto replaces = [&](const auto& change) { return change.first == name; };
    if (std::ranges::none_of(changes, replaces)) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (value) result.push_back(name + "=" + *value);
  }
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

std::optional<std::string> find_program(std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string_view::npos) {
    return is_program(std::string(name)) ? std::optional(std::string(name)) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  const std::string folders =
      std::string(path == nullptr ? "/usr/bin:/bin" : path) + ":/usr/local/sbin:/usr/sbin:/sbin";
  for (std::size_t start = 0; start < folders.size();) {
    const std::size_t end = std::min(folders.find(':', start), folders.size());
    const std::string candidate = folders.substr(start, end - start) + "/" + std::string(name);
    if (end > start && is_program(candidate)) return candidate;
    start = end + 1;
  }
  return std::nullopt;
}

Expected<ChildProcess> ChildProcess::start(const std::vector<std::string>& argv,
                                           const ProcessOptions& options) {
  const bool is_path = argv.front().find('/') != std::string::npos;
  const auto path = is_path ? std::optional(argv.front()) : find_program(argv.front());
  if (!path) return fail(Error::Kind::io, 0, fmt::format("{} is not installed", argv.front()));
  ChildProcess process;
  auto input = input_file(options.input);
  if (!input) return tl::unexpected(input.error());
  auto output = output_end(options.output_fd, process.output_);
  if (!output) return tl::unexpected(output.error());
  auto errors = output_end(options.error_fd, process.errors_);
  if (!errors) return tl::unexpected(errors.error());
  auto failure = make_pipe();
  if (!failure) return tl::unexpected(failure.error());

  Launch launch{.path = *path,
                .argv = argv,
                .environment = environment_with(options.environment),
                .directory = options.directory,
                .input = input->get(),
                .output = output->get(),
                .errors = errors->get()};
  auto child = spawn(std::move(launch), std::move(*failure));
  if (!child) return tl::unexpected(child.error());
  process.child_ = std::move(*child);
  return process;
}

}  // namespace tpmprobe::tpm
