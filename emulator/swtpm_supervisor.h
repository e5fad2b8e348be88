// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

namespace tpmprobe::emulator {

/// Names inside the private directory of an swtpm.
struct SwtpmFiles {
  std::filesystem::path directory;

  [[nodiscard]] std::filesystem::path socket() const { return directory / "tpm"; }
  /// Where tcti-swtpm expects the control channel.
  [[nodiscard]] std::filesystem::path control() const { return directory / "tpm.ctrl"; }
  [[nodiscard]] std::filesystem::path log() const { return directory / "log"; }
};

/// Requests to the supervisor, one octet each; it answers each with a pid_t: that of the swtpm it
/// started, 0 if there is none now.
enum class SupervisorRequest : char { start = 's', kill = 'k' };

/// The supervisor process's whole life: starts and kills an swtpm as told on `socket`; when that is
/// closed (its owner closed it, or was killed in any way) it kills the swtpm and removes the
/// directory. The value is the exit status.
int supervise_swtpm(int socket, const SwtpmFiles& files);

}  // namespace tpmprobe::emulator
