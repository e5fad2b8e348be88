// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// How one thing around the TPM is.
enum class Health { ok, warn, fail, unknown };

/// The word in reports.
std::string_view to_string(Health health);

/// One line of the doctor. A plain value.
struct Diagnosis {
  std::string id;  ///< stable for ever: "access.groups"
  Health health = Health::unknown;
  std::string evidence;  ///< what was seen, one clause
  std::string fix;       ///< the one thing to do; empty if there is nothing
};

using Diagnoses = std::vector<Diagnosis>;

// Each looks at one part of a machine and adds its lines; one file each in checks/.

/// Driver of the kernel, and what it said.
void check_kernel(const Machine& machine, Diagnoses& lines);
/// Device nodes, groups of this session, who holds the device.
void check_device(const Machine& machine, Diagnoses& lines);
/// tpm2-abrmd: daemon, library, service, name on the bus.
void check_broker(const Machine& machine, Diagnoses& lines);
/// Versions that do not go together (knowledge/versions.json).
void check_versions(const Machine& machine, Diagnoses& lines);
/// Which TPM each library would open.
void check_tctis(const Machine& machine, Diagnoses& lines);
/// Whether the TPM answers, and what its self-test says.
void check_answers(const Machine& machine, Diagnoses& lines);
/// Wrong tries, and when they are forgotten.
void check_lockout(const Machine& machine, Diagnoses& lines);
/// Passwords of hierarchies, loaded objects and sessions, PCR banks.
void check_tpm_state(const Machine& machine, Diagnoses& lines);
/// Certificates of endorsement keys in the TPM.
void check_ek_certificates(const Machine& machine, Diagnoses& lines);
/// Cleared or reset since an earlier report.
void check_earlier(const Machine& machine, Diagnoses& lines);
/// FAPI: configuration, profiles, directories, EK certificate, provisioned or not.
void check_fapi(const Machine& machine, Diagnoses& lines);
/// The PKCS#11 store: where, mode, schema, tokens, keys and the primaries above them.
void check_store(const Machine& machine, Diagnoses& lines);
/// ssh: module, number of keys it would offer, the agent's list of libraries.
void check_ssh(const Machine& machine, Diagnoses& lines);

/// All of them; the worst first, and among equals what others follow from first.
Diagnoses examine(const Machine& machine);

}  // namespace tpmprobe::doctor
