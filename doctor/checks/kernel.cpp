// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/kernel_tpm.h"

namespace tpmprobe::doctor {
namespace {

void check_driver(const Machine& machine, Diagnoses& lines) {
  const auto tpm = tpm_of_kernel(machine);
  if (!tpm) {
    lines.push_back(
        {"kernel.driver", Health::unknown, "the kernel has no TPM (no /sys/class/tpm/tpm0)", ""});
    return;
  }
  const auto driver = tpm->driver.empty() ? "no driver of its own" : "driver " + tpm->driver;
  if (tpm->version == 1) {
    lines.push_back(
        {"kernel.driver", Health::fail,
         fmt::format("the kernel has a TPM 1.2 ({}): no program for TPM 2.0 can use it", driver),
         "Switch it to TPM 2.0 (fTPM, PTT) in the firmware's setup, if it can."});
    return;
  }
  lines.push_back(
      {"kernel.driver", Health::ok,
       fmt::format("the kernel has a TPM{} ({})", tpm->version == 2 ? " 2.0" : "", driver), ""});
}

void check_messages(const Machine& machine, Diagnoses& lines) {
  const auto log = machine.kernel_log();
  if (!log) {
    lines.push_back({"kernel.messages", Health::unknown,
                     "only root may read what the kernel said of the TPM", ""});
    return;
  }
  for (const auto& line : *log) {
    for (const auto* trouble :
         {"can't request region", "error", "timed out", "Operation Canceled", "[Firmware Bug]"}) {
      if (line.find(trouble) == std::string::npos) continue;
      lines.push_back({"kernel.messages", Health::warn, "the kernel says: " + line,
                       "Paste this line to: tpmprobe explain -"});
      return;
    }
  }
  lines.push_back({"kernel.messages", Health::ok, "the kernel complains of nothing", ""});
}

}  // namespace

void check_kernel(const Machine& machine, Diagnoses& lines) {
  check_driver(machine, lines);
  check_messages(machine, lines);
}

}  // namespace tpmprobe::doctor
