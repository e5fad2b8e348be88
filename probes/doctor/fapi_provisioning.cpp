// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/fapi_provisioning.h"

#include <filesystem>

#include <fmt/format.h>

#include "probes/doctor/ek_certificates.h"
#include "probes/doctor/fapi_profile.h"

namespace tpmprobe::probes {
namespace {

bool can_compare(const Machine& machine) {
  return !machine.tpm.unreachable && !machine.tpm.failed && !machine.is_embedded();
}

/// A profile's kind of EK whose certificate this TPM has.
std::string fitting_profile(const Machine& machine, const FapiConfig& config) {
  for (const auto& known : kEkCertificates) {
    if (!has_nv_index(machine.tpm, known.nv_index)) continue;
    for (const auto& path : machine.files_in(config.profile_dir)) {
      const auto name = std::filesystem::path(path).stem().string();
      if (name.find(known.kind) != std::string::npos) return name;
    }
  }
  return "";
}

Diagnosis missing_certificate(const Machine& machine, const FapiConfig& config,
                              const EkCertificate& wanted) {
  const auto fitting = fitting_profile(machine, config);
  return {"fapi.ek-certificate", Health::warn,
          fmt::format("the TPM has no EK certificate for {} (NV index {:#010x})", config.profile,
                      wanted.nv_index),
          fitting.empty()
              ? "Put this line into fapi-config.json: \"ek_cert_less\": \"yes\","
              : fmt::format("Set \"profile_name\" in fapi-config.json to {}: it has a certificate "
                            "for that.",
                            fitting)};
}

Diagnosis certificate_line(const Machine& machine, const FapiConfig& config,
                           const EkCertificate& wanted) {
  for (const auto& found : machine.tpm.ek_certificates) {
    if (found.nv_index != wanted.nv_index || !found.certificate) continue;
    if (found.certificate->has_issuer_url) break;
    return {"fapi.ek-certificate", Health::warn,
            fmt::format("the EK certificate for {} names no address of its issuer: FAPI cannot "
                        "verify it (0x60025)",
                        config.profile),
            "Put this line into fapi-config.json: \"ek_cert_less\": \"yes\","};
  }
  return {"fapi.ek-certificate", Health::ok,
          fmt::format("the TPM has an EK certificate for {} (NV index {:#010x})", config.profile,
                      wanted.nv_index),
          ""};
}

/// Only before provisioning: after it nobody asks for the certificate again.
void check_certificate(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  if (config.ek_cert_less) {
    lines.push_back({"fapi.ek-certificate", Health::ok, "ek_cert_less is set: none is wanted", ""});
    return;
  }
  if (!can_compare(machine)) return;
  for (const auto& known : kEkCertificates) {
    if (config.profile.find(known.kind) == std::string::npos) continue;
    lines.push_back(has_nv_index(machine.tpm, known.nv_index)
                        ? certificate_line(machine, config, known)
                        : missing_certificate(machine, config, known));
  }
}

void check_provisioned(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  const auto done = is_provisioned(machine, config);
  const auto handle = srk_handle(machine, config);
  const bool readable = can_compare(machine);
  const bool there = readable && handle && machine.tpm.persistent.contains(*handle);
  if (!done) {
    lines.push_back({"fapi.provisioned", Health::unknown,
                     "whether FAPI is provisioned is not for this user to see",
                     "Look again as a member of group tss."});
  } else if (*done && handle && readable && !there) {
    lines.push_back({"fapi.provisioned", Health::fail,
                     fmt::format("FAPI's keystore is provisioned, and its SRK at {:#010x} is gone: "
                                 "the TPM was cleared",
                                 *handle),
                     fmt::format("Move {} away and run: tss2_provision", config.system_dir)});
  } else if (*done) {
    lines.push_back({"fapi.provisioned", Health::ok, "FAPI is provisioned", ""});
  } else if (there) {
    lines.push_back(
        {"fapi.provisioned", Health::warn,
         fmt::format("FAPI is not provisioned, and tss2_provision will fail (0x6000B): "
                     "another key is at {:#010x}",
                     *handle),
         fmt::format("Set another handle in \"srk_template\" of {}.json.", config.profile)});
  } else {
    lines.push_back({"fapi.provisioned", Health::ok,
                     "FAPI is not provisioned; tss2_provision does it, if you want FAPI", ""});
  }
}

}  // namespace

void check_provisioning(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  check_provisioned(machine, config, lines);
  if (is_provisioned(machine, config) != true) check_certificate(machine, config, lines);
}

}  // namespace tpmprobe::probes
