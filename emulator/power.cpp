// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/power.h"

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "knowledge/rc_values.h"
#include "knowledge/wire.h"
#include "tpm/command_builder.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::uint16_t kClear = 0;  // TPM_SU_CLEAR, Part 2, 6.10

Expected<void> send(tpm::Transport& tpm, std::uint32_t command, tpm::TimePoint deadline,
                    std::uint32_t also_fine) {
  const auto response =
      tpm.transmit(tpm::CommandBuilder(command).parameter(kClear).build(), deadline);
  if (!response) return tl::unexpected(response.error());
  const std::uint32_t rc = knowledge::response_code(*response);
  if (rc == 0 || rc == also_fine) return {};
  return fail(Error::Kind::tpm, command,
              fmt::format("the emulated TPM answered {:#x} to its startup or shutdown", rc), rc);
}

}  // namespace

Expected<void> startup(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, knowledge::cc::kStartup, deadline, knowledge::rc::kInitialize);
}

Expected<void> shutdown(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, knowledge::cc::kShutdown, deadline, 0);
}

}  // namespace tpmprobe::emulator
