// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "cli/target.h"
#include "emulator/server/server.h"
#include "tpm/layers/guard.h"

namespace tpmprobe::cli {

/// A TPM that other programs use under our guard, and what it answered them on record.
class ServedTpm {
 public:
  /// Puts record, check, retry and guard on the target and opens a socket in `folder`. The guard
  /// lets pass what leaves nothing behind, and authorizations of objects that count towards
  /// lockout, as those of tpm2-pkcs11 do; with
  /// `provisioning` also what FAPI makes and deletes. Errors: io.
  static Expected<std::unique_ptr<ServedTpm>> open(Target target,
                                                   const std::filesystem::path& folder,
                                                   bool provisioning);

  /// What leads clients to it: "swtpm:path=…".
  [[nodiscard]] const std::string& tcti() const { return tcti_; }
  /// The journal in `folder`.
  static std::filesystem::path journal(const std::filesystem::path& folder) {
    return folder / "journal";
  }

  /// Serves until one of the descriptors is readable.
  void serve(std::span<const int> events) { server_->run(events); }

  /// Flushes every object and session that clients left in the TPM.
  void flush();

 private:
  ServedTpm() = default;

  Target target_;
  tpm::TransportPtr top_;
  tpm::Guard* guard_ = nullptr;  // part of `top_`
  emulator::DelayClock clock_;
  std::unique_ptr<emulator::Server> server_;
  std::string tcti_;
};

}  // namespace tpmprobe::cli
