// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/tcti_choice.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kPowerOff =
    "Switch the machine off, not only restart it; if it stays so, update the TPM's firmware.";

Diagnosis self_test(const TpmFacts& tpm) {
  if (tpm.failed) {
    return {
        "tpm.self-test", Health::fail,
        fmt::format("the TPM is in failure mode and does nothing any more{}",
                    tpm.test_result ? fmt::format(" (test result {:#x})", *tpm.test_result) : ""),
        kPowerOff};
  }
  namespace rc = knowledge::rc;
  switch (*tpm.test_result) {
    case 0:
      return {"tpm.self-test", Health::ok, "the TPM has tested itself and found nothing", ""};
    case rc::kNeedsTest:
    case rc::kTesting:
      return {"tpm.self-test", Health::ok, "the TPM tests each function before its first use", ""};
    default:
      return {"tpm.self-test", Health::fail,
              fmt::format("the TPM's self-test found a failure ({:#x})", *tpm.test_result),
              kPowerOff};
  }
}

/// What stands around a device is in the other lines; of anything else they know nothing.
std::string fix_for_silence(const Machine& machine) {
  constexpr const char* kLooked = "Nothing in the TPM was looked at.";
  const auto& named = machine.named_tcti;
  if (named.empty() || is_of_kernel(named)) {
    return fmt::format("The other lines say why. {}", kLooked);
  }
  return fmt::format("Is it running? Look at --tcti. {}", kLooked);
}

}  // namespace

void check_answers(const Machine& machine, Diagnoses& lines) {
  const auto& tpm = machine.tpm;
  if (tpm.asleep) {
    lines.push_back({"tpm.answers", Health::fail, "the TPM was never started (TPM_RC_INITIALIZE)",
                     "Run: tpm2_startup -c; a firmware that forgets it wants an update."});
    return;
  }
  if (tpm.unreachable) {
    lines.push_back({"tpm.answers", Health::fail, *tpm.unreachable, fix_for_silence(machine)});
    return;
  }
  lines.push_back({"tpm.answers", Health::ok,
                   fmt::format("{} firmware {}", tpm.identity.manufacturer.value_or("TPM"),
                               tpm.identity.firmware.value_or("unknown")),
                   ""});
  if (tpm.failed || tpm.test_result) lines.push_back(self_test(tpm));
}

}  // namespace tpmprobe::doctor
