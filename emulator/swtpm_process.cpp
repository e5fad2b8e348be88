// SPDX-License-Identifier: BSD-2-Clause
// An swtpm below a supervisor. SwtpmProcess is the owner's side: with one octet it asks for an
// swtpm in the place of the one before (request) and is told the process id; serve_requests() is
// the supervisor's side. start_up() waits until a new swtpm listens.
#include "emulator/swtpm_process.h"

#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include "tpm/posix/descriptor.h"
#include "tpm/posix/process.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/swtpm.h"

namespace tpmprobe::emulator {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kShutdownPatience = std::chrono::seconds(2);

using Path = std::filesystem::path;

Path socket_in(const Path& directory) {
  return directory / "tpm";
}

Path log_in(const Path& directory) {
  return directory / "log";
}

std::string last_line(const Path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

tpm::ChildProcess start_swtpm(const Path& directory) {
  const auto socket = socket_in(directory).string();
  const auto control = socket + ".ctrl";  // where tcti-swtpm expects it
  std::error_code ignored;
  for (const auto& old : {socket, control}) std::filesystem::remove(old, ignored);
  const auto file = log_in(directory);
  const tpm::UniqueFd log(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  tpm::ProcessOptions options;
  options.output_fd = log.get();
  options.error_fd = log.get();
  auto swtpm = tpm::ChildProcess::start(
      {"swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + directory.string(), "--server",
       "type=unixio,path=" + socket, "--ctrl", "type=unixio,path=" + control, "--flags",
       "not-need-init"},
      options);
  return swtpm ? std::move(*swtpm) : tpm::ChildProcess{};
}

/// In the supervisor, until the owner is gone: each octet is a request for a new swtpm, the answer
/// its pid_t, 0 if it could not be started.
int serve_requests(int owner, const Path& directory) {
  tpm::ChildProcess swtpm;
  char request = 0;
  while (::recv(owner, &request, sizeof request, 0) == sizeof request) {
    swtpm.child().kill();
    swtpm = start_swtpm(directory);
    const pid_t pid = swtpm.child().pid();
    if (::send(owner, &pid, sizeof pid, MSG_NOSIGNAL) != sizeof pid) break;
  }
  return 0;
}

/// Sends TPM2_Startup until somebody listens, the process is gone, or the time is up.
Expected<void> start_up(const tpm::SwtpmEndpoint& endpoint, int exit_event, tpm::Clock& clock) {
  constexpr auto kPause = std::chrono::milliseconds(1);
  const auto deadline = clock.now() + kPatience;
  tpm::SwtpmTransport transport(endpoint, clock);
  while (true) {
    auto started = startup(transport, deadline);
    const bool too_early = !started && started.error().kind == Error::Kind::no_device;
    if (!too_early || clock.now() > deadline) return started;
    if (tpm::ready_before(exit_event, POLLIN, clock.now() + kPause, clock)) return started;
  }
}

}  // namespace

Expected<std::unique_ptr<SwtpmProcess>> SwtpmProcess::start() {
  if (!tpm::find_program("swtpm")) {
    return fail(Error::Kind::no_device, 0, "swtpm is not installed (Debian package swtpm)");
  }
  auto supervisor = tpm::Supervisor::start({.serve = serve_requests, .settle = {}});
  if (!supervisor) return tl::unexpected(supervisor.error());
  std::unique_ptr<SwtpmProcess> swtpm(new SwtpmProcess(std::move(*supervisor)));
  if (auto started = swtpm->power_on(); !started) return tl::unexpected(started.error());
  return swtpm;
}

SwtpmProcess::~SwtpmProcess() {
  static_cast<void>(stop());
}

std::string SwtpmProcess::tcti() const {
  return "swtpm:path=" + socket_in(directory_).string();
}

Expected<void> SwtpmProcess::restart(PowerOff how) {
  if (how == PowerOff::orderly) {
    if (auto down = shut_down(); !down) return down;
  }
  pid_ = 0;
  return power_on();
}

Expected<void> SwtpmProcess::stop() {
  if (!supervisor_) return {};
  auto down = pid_ == 0 ? Expected<void>{} : shut_down();
  pid_ = 0;
  supervisor_.reset();
  return down;
}

Expected<void> SwtpmProcess::power_on() {
  const auto endpoint = tpm::resolve({.path = socket_in(directory_).string()});
  if (!endpoint) return tl::unexpected(endpoint.error());
  const auto pid = request();
  if (!pid) return tl::unexpected(pid.error());
  const auto exit_event = *pid == 0 ? tpm::UniqueFd() : tpm::watch_process(*pid);
  if (!exit_event) return fail(Error::Kind::no_device, 0, "swtpm cannot be started");
  auto started = start_up(*endpoint, exit_event.get(), clock_);
  if (started) pid_ = *pid;
  if (!started && started.error().kind == Error::Kind::no_device) {
    return fail(Error::Kind::no_device, 0,
                fmt::format("swtpm exited at once: {}", last_line(log_in(directory_))));
  }
  return started;
}

Expected<pid_t> SwtpmProcess::request() {
  const auto deadline = clock_.now() + kPatience;
  const int socket = supervisor_ ? supervisor_->socket() : -1;
  constexpr std::uint8_t kRequest = 's';
  pid_t pid = 0;
  constexpr std::string_view kPeer = "the supervisor of swtpm";
  return tpm::send_all(socket, {&kRequest, 1}, deadline, clock_, kPeer)
      .and_then([&] {
        auto* first = reinterpret_cast<std::uint8_t*>(&pid);
        return tpm::receive_all(socket, {first, sizeof pid}, deadline, clock_, kPeer);
      })
      .map([&] { return pid; });
}

Expected<void> SwtpmProcess::shut_down() {
  const auto endpoint = tpm::resolve({.path = socket_in(directory_).string()});
  if (!endpoint) return tl::unexpected(endpoint.error());
  tpm::SwtpmTransport transport(*endpoint, clock_);
  return shutdown(transport, clock_.now() + kShutdownPatience);
}

}  // namespace tpmprobe::emulator
