// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/emulator/emulator_options.h"
#include "cli/target.h"
#include "emulator/embedded_tpm.h"
#include "emulator/server/delay_clock.h"
#include "emulator/swtpm_process.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::cli {

/// A folder in which the NV memory of an embedded TPM survives: a file NAME.nv for each part of
/// it. One emulator at a time uses it.
class EmulatorState {
 public:
  /// Makes the folder (mode 0700) if it is not there, and locks it. The error is one line.
  static tl::expected<EmulatorState, std::string> open(const std::filesystem::path& folder);

  /// The memory that was saved last, empty at first. The error is one line.
  [[nodiscard]] tl::expected<emulator::NvState, std::string> load() const;

  /// Writes each part whole or not at all. The reason if that failed.
  [[nodiscard]] std::optional<std::string> save(const emulator::NvState& state) const;

 private:
  EmulatorState(std::filesystem::path folder, tpm::UniqueFd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;
  tpm::UniqueFd lock_;
};

/// The TPM that `tpmprobe emulator` serves, with what it needs around it.
class EmulatorEngine {
 public:
  /// Opens what the options choose and puts on it: what it pretends, the guard (--tcti), the trace
  /// (`trace` may be empty).
  static tl::expected<std::unique_ptr<EmulatorEngine>, NoTarget> open(
      const EmulatorOptions& options, std::function<void(const std::string&)> trace);

  /// What the clients' commands go to.
  tpm::Transport& top() { return *top_; }

  /// The clock by which the layers wait.
  emulator::DelayClock& clock() { return clock_; }

  /// What is pretended and not there, see emulator::FirmwareLayer.
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

  /// False if the TPM cannot have commands from that locality.
  bool set_locality(std::uint8_t locality);

  /// Saves the memory (--state) if it was written since the last time. The reason if that failed.
  std::optional<std::string> save_if_changed();

  /// TPM2_Shutdown for a TPM with a memory, and saves it. The reason if that failed.
  std::optional<std::string> finish();

 private:
  EmulatorEngine() = default;
  std::optional<NoTarget> open_engine(const EmulatorOptions& options);
  std::optional<NoTarget> open_libtpms(const EmulatorOptions& options);
  std::optional<NoTarget> open_tcti(const std::string& tcti);
  std::optional<NoTarget> put_layers(const EmulatorOptions& options,
                                     std::function<void(const std::string&)> trace);

  emulator::DelayClock clock_;
  tpm::SystemClock system_clock_;  // for what waits for a real TPM
  std::optional<EmulatorState> state_;
  std::unique_ptr<emulator::SwtpmProcess> swtpm_;
  tpm::TransportPtr top_;
  emulator::EmbeddedTpm* embedded_ = nullptr;  // part of `top_`
  std::uint64_t saved_ = 0;                    // nv_writes() of what is on the disk
  std::vector<std::string> missing_;
};

}  // namespace tpmprobe::cli
