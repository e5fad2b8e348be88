// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/tcti_choice.h"

#include <fmt/format.h>

#include "probes/doctor/fapi_config.h"

namespace tpmprobe::probes {
namespace {

TctiChoice loaders_first(const Machine& machine) {
  constexpr const char* kWhy = "tss2's own order";
  if (machine.version_of("libtss2-tcti-tabrmd") && machine.broker_on_bus() == true) {
    return {"tabrmd", kWhy, ""};
  }
  for (const auto* device : {"/dev/tpmrm0", "/dev/tpm0"}) {
    if (machine.file(device)) return {fmt::format("device:{}", device), kWhy, ""};
  }
  return {"", kWhy, ""};
}

}  // namespace

TctiChoice tcti_by_variable(const Machine& machine, const char* variable) {
  const auto said = machine.variable(variable);
  if (!said) return loaders_first(machine);
  return {*said, fmt::format("{} says so", variable), variable};
}

TctiChoice tcti_of_fapi(const Machine& machine) {
  const auto config = read_fapi_config(machine);
  if (!config || config->tcti.empty()) return loaders_first(machine);
  return {config->tcti, "fapi-config.json says so", "\"tcti\" in fapi-config.json"};
}

bool asks_for_broker(const Machine& machine) {
  const auto names_it = [](const TctiChoice& choice) {
    return !choice.setting.empty() && choice.tcti.starts_with("tabrmd");
  };
  return names_it(tcti_by_variable(machine, "TPM2TOOLS_TCTI")) ||
         names_it(tcti_by_variable(machine, "TPM2_PKCS11_TCTI")) || names_it(tcti_of_fapi(machine));
}

bool is_emulator(const std::string& tcti) {
  return tcti.starts_with("swtpm") || tcti.starts_with("mssim") || tcti.starts_with("libtpms");
}

}  // namespace tpmprobe::probes
