// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "tpm/posix/descriptor.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

/// A TPM character device of Linux, /dev/tpmrm0 (with resource manager) or /dev/tpm0 (without, one
/// user at a time).
///
/// The kernel takes one whole command per write and gives one whole response per read. After a
/// timeout the TPM still works on the command: the next transmit first waits, within its own
/// deadline, for that late response and throws it away. Closing the device waits for the TPM as
/// well (the kernel does; a few minutes at the most).
class DeviceTransport final : public Transport {
 public:
  /// Opens the device at `path`. Errors: no_device (nothing there, or no TPM behind it), no_access
  /// (not for this user, or another program has /dev/tpm0 open).
  static Expected<std::unique_ptr<DeviceTransport>> open(const std::string& path,
                                                         const Clock& clock);

  /// Takes over an open descriptor that behaves like the device: one message per read and write,
  /// non-blocking. `name` is for messages.
  static Expected<std::unique_ptr<DeviceTransport>> adopt(UniqueFd device, std::string name,
                                                          const Clock& clock);

  /// Errors: timeout, closed (the kernel threw the response away), io.
  Expected<Bytes> transmit(ByteView command, TimePoint deadline) override;

 private:
  DeviceTransport(UniqueFd device, UniqueFd events, std::string name, const Clock& clock)
      : device_(std::move(device)),
        events_(std::move(events)),
        name_(std::move(name)),
        clock_(clock) {}

  bool answered_before(TimePoint deadline);
  Expected<void> discard_late_response(TimePoint deadline, std::uint32_t command);
  Expected<Bytes> read_response(std::uint32_t command);

  UniqueFd device_;
  UniqueFd events_;
  std::string name_;
  const Clock& clock_;
  bool response_owed_ = false;
};

}  // namespace tpmprobe::tpm
