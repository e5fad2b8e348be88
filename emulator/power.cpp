// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/power.h"

#include <array>

#include <fmt/format.h>

#include "knowledge/rc_values.h"
#include "knowledge/wire.h"

namespace tpmprobe::emulator {
namespace {

using Command = std::array<std::uint8_t, 12>;
constexpr Command kStartupClear{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x44, 0, 0};
constexpr Command kShutdownClear{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x45, 0, 0};

Expected<void> send(tpm::Transport& tpm, const Command& command, tpm::TimePoint deadline,
                    std::uint32_t also_fine) {
  const auto response = tpm.transmit(command, deadline);
  if (!response) return tl::unexpected(response.error());
  const std::uint32_t rc = knowledge::response_code(*response);
  if (rc == 0 || rc == also_fine) return {};
  return fail(Error::Kind::tpm, knowledge::command_code(command),
              fmt::format("the emulated TPM answered {:#x} to its startup or shutdown", rc), rc);
}

}  // namespace

Expected<void> startup(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, kStartupClear, deadline, knowledge::rc::kInitialize);
}

Expected<void> shutdown(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, kShutdownClear, deadline, 0);
}

}  // namespace tpmprobe::emulator
