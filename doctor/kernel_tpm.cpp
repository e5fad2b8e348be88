// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/kernel_tpm.h"

namespace tpmprobe::doctor {

std::optional<KernelTpm> tpm_of_kernel(const Machine& machine) {
  const std::string place = "/sys/class/tpm/tpm0";
  if (!machine.real_path(place)) return std::nullopt;
  KernelTpm tpm;
  const auto driver = machine.real_path(place + "/device/driver");
  if (driver) tpm.driver = std::filesystem::path(*driver).filename();
  const auto major = machine.content(place + "/tpm_version_major").value_or("");
  if (major.starts_with("1")) tpm.version = 1;
  if (major.starts_with("2")) tpm.version = 2;
  return tpm;
}

bool is_tpm_1_2(const Machine& machine) {
  const auto tpm = tpm_of_kernel(machine);
  return tpm && tpm->version == 1;
}

}  // namespace tpmprobe::doctor
