// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// The TPM that a program would open.
struct TctiChoice {
  std::string tcti;     ///< as tss2 writes it; empty: none is to be found
  std::string why;      ///< who says so
  std::string setting;  ///< what to change; empty if it is tss2's own order
};

/// What a variable says, else what tss2's loader finds first (tctildr: tabrmd, /dev/tpmrm0,
/// /dev/tpm0).
TctiChoice tcti_by_variable(const Machine& machine, const char* variable);

/// What fapi-config.json says, else the loader's first.
TctiChoice tcti_of_fapi(const Machine& machine);

/// A setting of any of them names tpm2-abrmd.
bool asks_for_broker(const Machine& machine);

/// "device" of "device:/dev/tpm0", and of "libtss2-tcti-device.so.0:/dev/tpm0".
std::string tcti_word(const std::string& tcti);

/// What comes after the word: "/dev/tpm0".
std::string tcti_options(const std::string& tcti);

/// The TPM that the kernel has first, by whatever way: its devices, or tpm2-abrmd on the system
/// bus.
bool is_of_kernel(const std::string& tcti);

/// Both lead to one TPM, as far as their words tell.
bool is_same_tpm(const std::string& one, const std::string& other);

/// The TPM that was looked at, as it was asked for, with its options: Machine::tcti may lack them.
std::string opened_tcti(const Machine& machine);

/// A program of this choice works with another TPM than the one that was looked at. One that would
/// find no TPM does not say so.
bool is_of_another_tpm(const Machine& machine, const TctiChoice& choice);

/// An emulator and no chip: "swtpm:…", "mssim:…", "libtpms:…".
bool is_emulator(const std::string& tcti);

}  // namespace tpmprobe::doctor
