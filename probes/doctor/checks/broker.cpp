// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/checks.h"

namespace tpmprobe::probes {
namespace {

bool is_wanted(const Machine& machine) {
  const auto asked = machine.variable("TPM2TOOLS_TCTI");
  return (asked && asked->starts_with("tabrmd")) || !machine.file("/dev/tpmrm0");
}

Diagnosis service(const Machine& machine, bool daemon) {
  const auto on_bus = machine.broker_on_bus();
  if (on_bus && *on_bus) {
    return {"abrmd.service", Health::ok, "com.intel.tss2.Tabrmd is on the system bus", ""};
  }
  const std::string seen = on_bus ? "com.intel.tss2.Tabrmd is not on the system bus"
                                  : "there is no system bus to ask for tpm2-abrmd";
  if (!is_wanted(machine) || !daemon) {
    return {"abrmd.service", Health::ok, seen + "; nothing here needs it", ""};
  }
  return {"abrmd.service", on_bus ? Health::fail : Health::unknown, seen,
          "Run: sudo systemctl enable --now tpm2-abrmd"};
}

}  // namespace

void check_broker(const Machine& machine, Diagnoses& lines) {
  const bool daemon = machine.version_of("tpm2-abrmd").has_value();
  const bool library = machine.version_of("libtss2-tcti-tabrmd").has_value();
  if (daemon && !library) {
    lines.push_back({"abrmd.library", Health::fail,
                     "tpm2-abrmd is installed, the library that programs reach it by is not",
                     "Run: sudo apt install libtss2-tcti-tabrmd0"});
  }
  const auto asked = machine.variable("TPM2TOOLS_TCTI");
  if (!daemon && asked && asked->starts_with("tabrmd")) {
    lines.push_back({"abrmd.daemon", Health::warn,
                     "TPM2TOOLS_TCTI asks for tpm2-abrmd, which is not installed here",
                     "Run: sudo apt install tpm2-abrmd; or unset TPM2TOOLS_TCTI."});
  }
  lines.push_back(service(machine, daemon));
}

}  // namespace tpmprobe::probes
