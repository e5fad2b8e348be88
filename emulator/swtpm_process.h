// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "emulator/embedded_tpm.h"
#include "emulator/swtpm_supervisor.h"
#include "tpm/posix/child.h"
#include "tpm/posix/private_directory.h"
#include "tpm/transport/swtpm.h"

namespace tpmprobe::emulator {

/// An swtpm of our own, listening on a UNIX socket in a private directory: a TPM for other
/// programs. Between us and it stands a small supervisor process, so that neither swtpm nor
/// directory stays behind even when we are killed with SIGKILL.
class SwtpmProcess {
 public:
  /// Starts one and returns when it answers; it has seen TPM2_Startup(CLEAR). Errors: no_device
  /// (swtpm is not installed, or ended at once; the message has its last line), timeout.
  static Expected<std::unique_ptr<SwtpmProcess>> start();

  /// The same as stop(), without saying what went wrong.
  ~SwtpmProcess();

  SwtpmProcess(const SwtpmProcess&) = delete;
  SwtpmProcess& operator=(const SwtpmProcess&) = delete;

  /// TCTI configuration that reaches it: "swtpm:path=..." with an absolute path.
  [[nodiscard]] std::string tcti() const;

  /// Process id of the swtpm, 0 if it is stopped.
  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Where its socket and state are.
  [[nodiscard]] const std::filesystem::path& directory() const { return files_.directory; }

  /// Kills it and starts it again on the same state: a power cycle, after TPM2_Shutdown if orderly.
  /// A dead swtpm can be restarted suddenly. Errors: as start(); tpm.
  Expected<void> restart(PowerOff how);

  /// TPM2_Shutdown, then it is killed and its directory removed. Error: it did not take
  /// TPM2_Shutdown (it is gone all the same). A second call does nothing.
  Expected<void> stop();

 private:
  explicit SwtpmProcess(tpm::PrivateDirectory directory)
      : directory_(std::move(directory)), files_{directory_.path()} {}

  Expected<void> start_supervisor();
  Expected<void> power_on();
  Expected<pid_t> request(SupervisorRequest what);
  Expected<void> shut_down();
  void finish();

  tpm::PrivateDirectory directory_;
  SwtpmFiles files_;
  tpm::SystemClock clock_;
  tpm::Child supervisor_;
  tpm::UniqueFd socket_;
  pid_t pid_ = 0;
};

}  // namespace tpmprobe::emulator
