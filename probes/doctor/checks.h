// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/diagnosis.h"
#include "probes/doctor/machine.h"

namespace tpmprobe::probes {

// Each looks at one part of a machine and adds its lines; one file each in checks/.

/// Device nodes, groups of this session, who holds the device, what the kernel said.
void check_device(const Machine& machine, Diagnoses& lines);
/// tpm2-abrmd: daemon, library, name on the bus.
void check_broker(const Machine& machine, Diagnoses& lines);
/// Which TPM each library would open.
void check_tctis(const Machine& machine, Diagnoses& lines);
/// FAPI: configuration, profiles, EK certificate, directories.
void check_fapi(const Machine& machine, Diagnoses& lines);
/// The PKCS#11 store: mode, schema, primary keys; and how many keys ssh would offer.
void check_store(const Machine& machine, Diagnoses& lines);
/// Lockout, hierarchies, slots, EK certificates, PCR banks.
void check_tpm_state(const Machine& machine, Diagnoses& lines);
/// Cleared or reset since an earlier report.
void check_earlier(const Machine& machine, Diagnoses& lines);

/// All of them; the worst first, and among equals what others follow from first.
Diagnoses examine(const Machine& machine);

}  // namespace tpmprobe::probes
