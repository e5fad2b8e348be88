// SPDX-License-Identifier: BSD-2-Clause
// The supervisor's life is supervise(): folder, work, the end of all below, order in the TPM,
// removal. Supervisor::start() forks it and is told the folder. Descendants, at the bottom, are
// what it kills; an owner uses them in the same way if its supervisor is killed.
#include "tpm/posix/supervisor.h"

#include <csignal>
#include <fstream>
#include <initializer_list>
#include <string>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tpm/posix/descriptor.h"
#include "tpm/posix/stream.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::string_view kPeer = "the supervisor";

void hold_back_stop_signals() {
  sigset_t stopping;
  sigemptyset(&stopping);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stopping, number);
  sigprocmask(SIG_BLOCK, &stopping, nullptr);
}

/// Tells the owner the folder, an absolute path; or in words why there is none.
void tell(int owner, const Expected<PrivateDirectory>& folder) {
  const auto text = folder ? folder->path().native() : folder.error().message;
  static_cast<void>(::send(owner, text.data(), text.size(), MSG_NOSIGNAL) > 0);
}

int work(const Supervision& supervision, int owner, const std::filesystem::path& folder) {
  if (supervision.serve) return supervision.serve(owner, folder);
  const SystemClock clock;
  ready_before(owner, POLLIN, TimePoint::max(), clock);
  return 0;
}

int supervise(const Supervision& supervision, int owner) {
  hold_back_stop_signals();
  if (!supervision.keeps_descriptors) owner = keep_only(owner, false);
  const Descendants below;
  const auto folder = PrivateDirectory::create();
  tell(owner, folder);
  if (!folder) return 1;
  const int code = work(supervision, owner, folder->path());
  below.kill();
  if (supervision.settle) supervision.settle();
  return code;
}

/// The folder, see tell().
Expected<PrivateDirectory> told(int supervisor) {
  constexpr std::size_t kLongest = 8192;
  const SystemClock clock;
  Bytes message;
  const auto size = receive_some(supervisor, message, kLongest, TimePoint::max(), clock, kPeer);
  if (!size) return tl::unexpected(size.error());
  const std::string text(message.begin(), message.end());
  if (text.starts_with('/')) return PrivateDirectory::share(text);
  return fail(Error::Kind::io, 0, text.empty() ? "the supervisor ended at once" : text);
}

std::set<pid_t> children() {
  std::ifstream list(fmt::format("/proc/self/task/{}/children", ::getpid()));
  std::set<pid_t> found;
  for (pid_t child = 0; list >> child;) found.insert(child);
  return found;
}

}  // namespace

Expected<Supervisor> Supervisor::start(const Supervision& supervision) {
  auto sockets = make_socket_pair(SOCK_SEQPACKET);
  if (!sockets) return tl::unexpected(sockets.error());
  const auto body = [&] {
    sockets->ours.reset();  // else it would never see the end of its owner
    return supervise(supervision, sockets->theirs.get());
  };
  auto child = Child::fork(body, Apart::group);
  if (!child) return tl::unexpected(child.error());
  sockets->theirs.reset();  // so that its end is an end for us
  auto folder = told(sockets->ours.get());
  if (!folder) return tl::unexpected(folder.error());
  return Supervisor(std::move(*folder), std::move(sockets->ours), std::move(*child));
}

Supervisor::~Supervisor() {
  socket_.reset();
  constexpr std::chrono::seconds kPatience(10);
  const SystemClock clock;
  child_.wait(clock.now() + kPatience, clock);
}

Descendants::Descendants() : others_(children()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void Descendants::kill() const {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    bool any = false;
    for (const pid_t child : children()) {
      if (others_.contains(child)) continue;
      any = true;
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, WNOHANG);
    }
    if (!any) return;
    constexpr useconds_t kMoment = 5000;
    ::usleep(kMoment);
  }
}

}  // namespace tpmprobe::tpm
