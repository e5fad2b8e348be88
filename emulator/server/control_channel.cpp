// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/control_channel.h"

#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::size_t kCommandSize = 4;

/// Commands of swtpm's tpm_ioctl.h.
constexpr std::uint32_t kGetCapability = 1;
constexpr std::uint32_t kSetLocality = 5;
constexpr std::uint32_t kCancel = 9;

/// PTM_CAP_SET_LOCALITY and PTM_CAP_CANCEL_TPM_CMD.
constexpr std::uint64_t kCapabilities = 1U << 3U | 1U << 5U;

/// The tpm_result values, which are those of TPM 1.2.
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kBadOrdinal = 0x0A;
constexpr std::uint32_t kBadLocality = 0x3D;

Bytes number(std::uint64_t value, std::size_t octets) {
  Bytes result(octets);
  tpm::header::store(result, 0, octets, value);
  return result;
}

Bytes result(std::uint32_t value) {
  return number(value, sizeof value);
}

void drop_front(Bytes& input, std::size_t octets) {
  input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(octets));
}

}  // namespace

std::optional<ControlAnswer> serve_control(Bytes& input, const ControlActions& actions) {
  if (input.size() < kCommandSize) return std::nullopt;
  const auto command = static_cast<std::uint32_t>(tpm::header::load(input, 0, kCommandSize));
  if (command == kSetLocality) {
    if (input.size() == kCommandSize) return std::nullopt;
    const std::uint8_t locality = input[kCommandSize];
    drop_front(input, kCommandSize + 1);
    return ControlAnswer{result(actions.set_locality(locality) ? kSuccess : kBadLocality)};
  }
  drop_front(input, kCommandSize);
  if (command == kGetCapability) return ControlAnswer{number(kCapabilities, 8)};
  if (command != kCancel) return ControlAnswer{result(kBadOrdinal), true};
  actions.cancel();
  return ControlAnswer{result(kSuccess)};
}

}  // namespace tpmprobe::emulator
