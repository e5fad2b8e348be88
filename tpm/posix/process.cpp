// SPDX-License-Identifier: BSD-2-Clause
// Starting a program: ChildProcess::start() finds it, opens what it reads and writes, and hands
// all that to spawn(), which forks; execute() is the child's side. What the child needs is made
// before the fork. Running one to its end stands in run_process.cpp.
// Running a program to its end. run_process() at the bottom starts it, collects what it writes
// (Collector, collect()) until it ends or its time is up, and says what came of it.
// ChildProcess, which it stands on, is in process.cpp.
#include "tpm/posix/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {
namespace {

struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

Expected<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return os_failure("cannot create a pipe", errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// A file in memory: unlike a pipe it neither blocks the writer nor kills it with SIGPIPE.
Expected<UniqueFd> input_file(const std::string& content) {
  UniqueFd file(::memfd_create("input", MFD_CLOEXEC));
  if (!file) return os_failure("cannot create a file in memory", errno);
  if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    return os_failure("cannot write to a file in memory", errno);
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

namespace {

/// Keeps what comes out of a pipe, up to a limit; the rest is read and thrown away, so that the
/// writer never blocks.
class Collector {
 public:
  Collector(UniqueFd pipe, std::size_t limit) : pipe_(std::move(pipe)), limit_(limit) {}

  /// Takes what is there now; false if there was nothing, or nothing more will come.
  bool take() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) pipe_.reset();
    if (count <= 0) return false;
    const auto fits = std::min(limit_ - text_.size(), static_cast<std::size_t>(count));
    text_.append(buffer.data(), fits);
    truncated_ = truncated_ || fits < static_cast<std::size_t>(count);
    return true;
  }

  /// Takes what is left after the writer's end, but no endless stream of somebody else.
  void drain() {
    while (!truncated_ && take()) continue;
  }

  [[nodiscard]] int fd() const { return pipe_.get(); }
  [[nodiscard]] bool truncated() const { return truncated_; }
  std::string text() && { return std::move(text_); }

 private:
  UniqueFd pipe_;
  std::size_t limit_;
  std::string text_;
  bool truncated_ = false;
};

/// Why collecting came to an end.
enum class Ending : std::uint8_t { exited, timeout, stopped };

bool is_set(const std::atomic<bool>* flag) {
  return flag != nullptr && *flag;
}

/// Collects until the process ends, `until` comes, or `stop` is set.
Ending collect(Child& child, Collector& output, Collector& errors, TimePoint until,
               const std::atomic<bool>* stop) {
  const SystemClock clock;
  constexpr std::chrono::milliseconds kLook(100);  // how often at `stop`
  while (!is_set(stop)) {
    std::array<pollfd, 3> events{pollfd{output.fd(), POLLIN, 0}, pollfd{errors.fd(), POLLIN, 0},
                                 pollfd{child.exit_event(), POLLIN, 0}};
    const TimePoint look = stop != nullptr ? std::min(until, clock.now() + kLook) : until;
    const bool ready = poll_until(events, look, clock);
    if (events[0].revents != 0) output.take();
    if (events[1].revents != 0) errors.take();
    if (ready && events[2].revents != 0) return Ending::exited;
    if (clock.now() >= until) return Ending::timeout;
  }
  return Ending::stopped;
}

}  // namespace

Expected<ProcessResult> run_process(const std::vector<std::string>& argv,
                                    const ProcessOptions& options) {
  const SystemClock clock;
  const TimePoint until = clock.now() + options.timeout;
  auto process = ChildProcess::start(argv, options);
  if (!process) return tl::unexpected(process.error());
  Collector output(std::move(process->output()), options.output_limit);
  Collector errors(std::move(process->errors()), options.output_limit);
  const Ending ending = collect(process->child(), output, errors, until, options.stop);
  if (ending == Ending::stopped) {
    return fail(Error::Kind::interrupted, 0,
                fmt::format("{} was stopped, because the run is being stopped", argv.front()));
  }
  if (ending == Ending::timeout) {
    const auto seconds = std::chrono::duration<double>(options.timeout).count();
    return fail(
        Error::Kind::timeout, 0,
        fmt::format("{} did not finish within {:g} s and was stopped", argv.front(), seconds));
  }
  ProcessResult result;
  result.status = process->child().wait(until, clock).value_or(ExitStatus{});
  output.drain();
  errors.drain();
  result.truncated = output.truncated() || errors.truncated();
  result.output = std::move(output).text();
  result.errors = std::move(errors).text();
  return result;
}

}  // namespace tpmprobe::tpm
