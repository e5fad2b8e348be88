// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <set>

#include "tpm/posix/child.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::tpm {

/// What a supervisor does for its owner; the defaults are right if it only has to clean up.
struct Supervision {
  /// Runs in the supervisor, below which it may start processes. Returns when the work is done or
  /// when `owner`, a socket of whole messages, has come to its end; the value is the exit status.
  std::function<int(int owner, const std::filesystem::path& folder)> serve;
  /// Runs in the supervisor when every process below it has ended, before the folder goes.
  std::function<void()> settle;
  /// `serve` needs what is open here. Else the supervisor closes all, standard streams included.
  bool keeps_descriptors = false;
};

/// A process beside its owner that sees to it that nothing of the owner's outlives the owner: no
/// process, and not the private folder that it makes for it. One mechanism for the walk of
/// `tpmprobe ssh`, for swtpm, and for `tpmprobe emulator`:
///
/// - A socket joins the two. Its end is the end of the owner, whatever that was, kill -9 included;
///   then, or when its own work is done, the supervisor kills every process below it and removes
///   the folder. It does not depend on the thread that started it.
/// - Nothing below escapes, be it a daemon: the supervisor is their subreaper (see Descendants).
/// - What ends all our processes at once (Ctrl-C, a signal to the process group, the end of a
///   login) leaves the supervisor to its work: it is in a process group of its own, and SIGINT,
///   SIGTERM and SIGHUP wait. It learns of them through its owner.
/// - The folder is made by the supervisor, not before, so that there is always a process that will
///   remove it. If the supervisor is killed, its owner does. If both are killed, a later start does
///   (PrivateDirectory::remove_abandoned): the two share the lock on the folder until then.
class Supervisor {
 public:
  /// Forks it and waits for its folder. Errors: io, closed.
  static Expected<Supervisor> start(const Supervision& supervision = {});

  Supervisor(Supervisor&&) noexcept = default;

  /// Ends it; what it has to remove is gone afterwards.
  ~Supervisor();

  /// Absolute path of the private folder.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// The owner's end of the socket, non-blocking.
  [[nodiscard]] int socket() const { return socket_.get(); }

  /// Waiting for its end, its process id.
  Child& child() { return child_; }

 private:
  Supervisor(PrivateDirectory folder, UniqueFd socket, Child child)
      : folder_(std::move(folder)), socket_(std::move(socket)), child_(std::move(child)) {}

  PrivateDirectory folder_;
  UniqueFd socket_;
  Child child_;
};

/// The processes below this one. From its construction on they stay below it also when they lose
/// their parent: this process becomes their subreaper (PR_SET_CHILD_SUBREAPER), for good. For a
/// process with one thread.
class Descendants {
 public:
  Descendants();

  /// Kills all. Children that were there at the construction are spared: a program that was started
  /// by exec(2) may have had them before it was this program.
  void kill() const;

 private:
  std::set<pid_t> others_;
};

}  // namespace tpmprobe::tpm
