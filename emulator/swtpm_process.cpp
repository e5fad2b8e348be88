// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/swtpm_process.h"

#include <fstream>

#include <fmt/format.h>

#include "tpm/posix/poll.h"
#include "tpm/posix/process.h"
#include "tpm/posix/stream.h"

namespace tpmprobe::emulator {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kShutdownPatience = std::chrono::seconds(2);

std::string last_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
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
  auto directory = tpm::PrivateDirectory::create();
  if (!directory) return tl::unexpected(directory.error());
  std::unique_ptr<SwtpmProcess> swtpm(new SwtpmProcess(std::move(*directory)));
  auto started = swtpm->start_supervisor().and_then([&] { return swtpm->power_on(); });
  if (!started) return tl::unexpected(started.error());
  return swtpm;
}

SwtpmProcess::~SwtpmProcess() {
  static_cast<void>(stop());
}

std::string SwtpmProcess::tcti() const {
  return "swtpm:path=" + files_.socket().string();
}

Expected<void> SwtpmProcess::restart(PowerOff how) {
  if (how == PowerOff::orderly) {
    if (auto down = shut_down(); !down) return down;
  }
  pid_ = 0;
  if (auto killed = request(SupervisorRequest::kill); !killed) {
    return tl::unexpected(killed.error());
  }
  return power_on();
}

Expected<void> SwtpmProcess::stop() {
  if (!socket_) return {};
  auto down = pid_ == 0 ? Expected<void>{} : shut_down();
  finish();
  return down;
}

Expected<void> SwtpmProcess::start_supervisor() {
  auto sockets = tpm::make_socket_pair();
  if (!sockets) return tl::unexpected(sockets.error());
  auto child = tpm::Child::fork([&] { return supervise_swtpm(sockets->theirs.get(), files_); });
  if (!child) return tl::unexpected(child.error());
  supervisor_ = std::move(*child);
  socket_ = std::move(sockets->ours);
  return {};
}

Expected<void> SwtpmProcess::power_on() {
  const auto endpoint = tpm::resolve({.path = files_.socket().string()});
  if (!endpoint) return tl::unexpected(endpoint.error());
  const auto pid = request(SupervisorRequest::start);
  if (!pid) return tl::unexpected(pid.error());
  const auto exit_event = *pid == 0 ? tpm::UniqueFd() : tpm::watch_process(*pid);
  if (!exit_event) return fail(Error::Kind::no_device, 0, "swtpm cannot be started");
  auto started = start_up(*endpoint, exit_event.get(), clock_);
  if (started) pid_ = *pid;
  if (!started && started.error().kind == Error::Kind::no_device) {
    return fail(Error::Kind::no_device, 0,
                fmt::format("swtpm ended at once: {}", last_line(files_.log())));
  }
  return started;
}

Expected<pid_t> SwtpmProcess::request(SupervisorRequest what) {
  const auto deadline = clock_.now() + kPatience;
  const auto octet = static_cast<std::uint8_t>(what);
  pid_t pid = 0;
  auto* first = reinterpret_cast<std::uint8_t*>(&pid);
  constexpr std::string_view kPeer = "the supervisor of swtpm";
  return tpm::send_all(socket_.get(), {&octet, 1}, deadline, clock_, kPeer)
      .and_then([&] {
        return tpm::receive_all(socket_.get(), {first, sizeof pid}, deadline, clock_, kPeer);
      })
      .map([&] { return pid; });
}

Expected<void> SwtpmProcess::shut_down() {
  const auto endpoint = tpm::resolve({.path = files_.socket().string()});
  if (!endpoint) return tl::unexpected(endpoint.error());
  tpm::SwtpmTransport transport(*endpoint, clock_);
  return shutdown(transport, clock_.now() + kShutdownPatience);
}

void SwtpmProcess::finish() {
  pid_ = 0;
  socket_.reset();
  // Its last act is to remove the directory; the owner of the directory does it if that failed.
  supervisor_.wait(clock_.now() + kPatience, clock_);
}

}  // namespace tpmprobe::emulator
