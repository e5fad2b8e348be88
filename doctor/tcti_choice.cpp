// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/tcti_choice.h"

#include <fmt/format.h>

#include "doctor/fapi_config.h"

namespace tpmprobe::doctor {
namespace {

TctiChoice loaders_first(const Machine& machine) {
  constexpr const char* kWhy = "tss2's default order";
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
  return {*said, fmt::format("set in {}", variable), variable};
}

TctiChoice tcti_of_fapi(const Machine& machine) {
  const auto config = read_fapi_config(machine);
  if (!config || config->tcti.empty()) return loaders_first(machine);
  return {config->tcti, "set in fapi-config.json", "\"tcti\" in fapi-config.json"};
}

bool asks_for_broker(const Machine& machine) {
  const auto names_it = [](const TctiChoice& choice) {
    return !choice.setting.empty() && choice.tcti.starts_with("tabrmd");
  };
  return names_it(tcti_by_variable(machine, "TPM2TOOLS_TCTI")) ||
         names_it(tcti_by_variable(machine, "TPM2_PKCS11_TCTI")) || names_it(tcti_of_fapi(machine));
}

std::string tcti_word(const std::string& tcti) {
  constexpr std::string_view kLibrary = "libtss2-tcti-";
  auto word = tcti.substr(0, tcti.find(':'));
  if (word.starts_with(kLibrary)) word = word.substr(kLibrary.size());
  return word.substr(0, word.find(".so"));
}

std::string tcti_options(const std::string& tcti) {
  const auto colon = tcti.find(':');
  return colon == std::string::npos ? "" : tcti.substr(colon + 1);
}

bool is_of_kernel(const std::string& tcti) {
  const auto word = tcti_word(tcti), options = tcti_options(tcti);
  if (word == "device") {
    return options.empty() || options == "/dev/tpm0" || options == "/dev/tpmrm0";
  }
  return word == "tabrmd" && options.find("session") == std::string::npos;
}

bool is_same_tpm(const std::string& one, const std::string& other) {
  if (is_of_kernel(one) && is_of_kernel(other)) return true;
  return tcti_word(one) == tcti_word(other) && tcti_options(one) == tcti_options(other);
}

std::string opened_tcti(const Machine& machine) {
  if (machine.is_embedded() || !tcti_options(machine.tcti).empty()) return machine.tcti;
  if (!machine.named_tcti.empty()) return machine.named_tcti;
  return machine.variable("TPM2TOOLS_TCTI").value_or(machine.tcti);
}

bool is_of_another_tpm(const Machine& machine, const TctiChoice& choice) {
  return !choice.tcti.empty() && !is_same_tpm(choice.tcti, opened_tcti(machine));
}

bool is_emulator(const std::string& tcti) {
  return tcti.starts_with("swtpm") || tcti.starts_with("mssim") || tcti.starts_with("libtpms");
}

}  // namespace tpmprobe::doctor
