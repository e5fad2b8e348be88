// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// The kernel's first TPM, as /sys/class/tpm/tpm0 tells.
struct KernelTpm {
  std::string driver;  ///< "tpm_crb"; empty if it has none, as one of vtpm_proxy
  int version = 0;     ///< 1 or 2; 0: kernels before 5.6 do not say
};

/// nullopt: the kernel has none.
std::optional<KernelTpm> tpm_of_kernel(const Machine& machine);

/// It is a TPM 1.2, of which nothing here can use anything.
bool is_tpm_1_2(const Machine& machine);

}  // namespace tpmprobe::doctor
