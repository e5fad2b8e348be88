// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <map>
#include <string>

#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// How a TPM loses its power (Part 1, 12.2.3.2 and 12.2.4).
enum class PowerOff {
  orderly,  ///< after TPM2_Shutdown(CLEAR)
  sudden,   ///< without
};

/// Sends TPM2_Startup(CLEAR) (Part 3, 9.3). A TPM that is started already is fine, too. Errors: tpm
/// (with its code), and those of the transport.
Expected<void> startup(tpm::Transport& tpm, tpm::TimePoint deadline = tpm::kNoDeadline);

/// Sends TPM2_Shutdown(CLEAR) (Part 3, 9.4). Errors: the same.
Expected<void> shutdown(tpm::Transport& tpm, tpm::TimePoint deadline = tpm::kNoDeadline);

/// Everything that a TPM of libtpms remembers without power, by libtpms' names of its parts
/// ("permall"). Empty for a TPM that was never switched on.
using NvState = std::map<std::string, Bytes, std::less<>>;

/// libtpms inside this process: a whole TPM 2.0, one command in about a microsecond, with its NV
/// memory in ours. libtpms has one state per process, so there is one at a time; when it is
/// destroyed a new one can be made. Not for several threads at once.
class EmbeddedTpm final : public tpm::Transport {
 public:
  /// A TPM that is switched on and started (TPM2_Startup(CLEAR)), with this memory: by default as
  /// it left the factory. Errors: no_access (this process has one already), io (libtpms refuses,
  /// for example a memory that it does not understand), tpm.
  static Expected<std::unique_ptr<EmbeddedTpm>> create(NvState state = {});

  /// Power off, without TPM2_Shutdown.
  ~EmbeddedTpm() override;

  /// Executes the command at once; nothing can interrupt it, so the deadline is for the layers
  /// above. Error: io (libtpms itself failed).
  Expected<Bytes> transmit(ByteView command, tpm::TimePoint deadline) override;

  /// Power off, power on, TPM2_Startup(CLEAR). NV memory stays, everything else is lost.
  Expected<void> power_cycle(PowerOff how);

  /// Locality of the commands that follow (Part 1, 16), 0 to 4; at first 0. False: there is no
  /// such.
  bool set_locality(std::uint8_t locality);

  /// Grows whenever the NV memory is written.
  [[nodiscard]] std::uint64_t nv_writes() const;

  /// A copy of the NV memory as it is now.
  [[nodiscard]] NvState nv_state() const;

  /// Sudden power off, power on with this memory instead, TPM2_Startup(CLEAR).
  Expected<void> restore(NvState state);

 private:
  EmbeddedTpm() = default;
  Expected<void> power_on();
  void power_off();

  bool powered_ = false;
  unsigned char* response_ = nullptr;  // libtpms' own, it grows it as needed
  std::uint32_t capacity_ = 0;
};

}  // namespace tpmprobe::emulator
