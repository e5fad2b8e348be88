// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/fapi_provisioning.h"

#include <filesystem>

#include <fmt/format.h>

#include "doctor/ek_certificates.h"
#include "doctor/fapi_profile.h"
#include "doctor/parent_forms.h"
#include "doctor/persistent.h"
#include "doctor/tcti_choice.h"

namespace tpmprobe::doctor {
namespace {

bool can_compare(const Machine& machine) {
  return !machine.tpm.unreachable && !machine.tpm.failed && !machine.is_embedded();
}

bool is_fapis_own(const Machine& machine) {
  return can_compare(machine) && !is_of_another_tpm(machine, tcti_of_fapi(machine));
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
  if (!is_fapis_own(machine)) return;
  for (const auto& known : kEkCertificates) {
    if (config.profile.find(known.kind) == std::string::npos) continue;
    lines.push_back(has_nv_index(machine.tpm, known.nv_index)
                        ? certificate_line(machine, config, known)
                        : missing_certificate(machine, config, known));
  }
}

/// FAPI takes a key that is there if it is the one that it would make itself.
bool is_its_own(const FapiConfig& config, const PersistentObject& found) {
  return (found.form == form_of(tpm::ParentTemplate::tools_rsa) &&
          config.profile.find("RSA2048") != std::string::npos) ||
         (found.form == form_of(tpm::ParentTemplate::tools_ecc) &&
          config.profile.find("ECCP256") != std::string::npos);
}

Diagnosis line(Health health, std::string seen, std::string fix = "") {
  return {"fapi.provisioned", health, std::move(seen), std::move(fix)};
}

Diagnosis before_provisioning(const Machine& machine, const FapiConfig& config,
                              std::optional<std::uint32_t> handle) {
  const auto found = machine.tpm.persistent.find(handle.value_or(0));
  const bool occupied = is_fapis_own(machine) && found != machine.tpm.persistent.end();
  if (occupied && !has_plain_srk(machine, config)) {
    return line(Health::unknown,
                fmt::format("FAPI is not provisioned, and a key is at {:#010x}: whether it is the "
                            "one that profile {} makes does not show",
                            *handle, config.profile),
                "Run: tss2_provision; 0x6000B means that it is another.");
  }
  if (occupied && !is_its_own(config, found->second)) {
    return line(Health::warn,
                fmt::format("FAPI is not provisioned, and tss2_provision will fail (0x6000B): a "
                            "key of another template is at {:#010x}",
                            *handle),
                fmt::format("Set another handle in \"srk_template\" of {}.json.", config.profile));
  }
  return line(Health::ok, "FAPI is not provisioned; tss2_provision does it, if you want FAPI");
}

/// Of a provisioned keystore.
Diagnosis srk_line(const Machine& machine, const FapiConfig& config, std::uint32_t handle) {
  const auto presence = presence_of(machine.tpm, handle);
  if (presence == Presence::read) return line(Health::ok, "FAPI is provisioned");
  if (presence == Presence::unread) {
    return line(Health::unknown,
                fmt::format("FAPI's keystore is provisioned, and whether its SRK is at {:#010x} "
                            "could not be read",
                            handle));
  }
  if (!is_fapis_own(machine)) {
    const auto tcti = tcti_of_fapi(machine).tcti;
    return line(Health::unknown,
                fmt::format("FAPI's keystore is provisioned, and may be of another TPM than {}, "
                            "which has no key at {:#010x}: FAPI uses {}",
                            opened_tcti(machine), handle, tcti),
                "Look again with --tcti of that TPM.");
  }
  return line(Health::fail,
              fmt::format("FAPI's keystore is provisioned, and its SRK at {:#010x} is gone: the "
                          "TPM was cleared, or somebody evicted it",
                          handle),
              fmt::format("Keep what is in {}: move it elsewhere, and run: tss2_provision. Its "
                          "keys are gone for good only after a clear.",
                          config.system_dir));
}

Diagnosis provisioned_line(const Machine& machine, const FapiConfig& config) {
  const auto done = is_provisioned(machine, config);
  const auto handle = srk_handle(machine, config);
  if (!done) {
    return line(Health::unknown, "whether FAPI is provisioned is not for this user to see",
                "Look again as a member of group tss.");
  }
  if (!*done) return before_provisioning(machine, config, handle);
  if (!handle || !can_compare(machine)) return line(Health::ok, "FAPI is provisioned");
  return srk_line(machine, config, *handle);
}

}  // namespace

void check_provisioning(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  lines.push_back(provisioned_line(machine, config));
  if (is_provisioned(machine, config) != true) check_certificate(machine, config, lines);
}

}  // namespace tpmprobe::doctor
