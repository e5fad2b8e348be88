// SPDX-License-Identifier: BSD-2-Clause
#include "probes/fapi/faults.h"

#include <array>

namespace tpmprobe::probes {
namespace {

/// By a text of the log, else by the code alone.
struct KnownFault {
  std::uint32_t rc;  ///< TSS2_RC; 0: any
  std::string_view text;
  FapiFault fault;
};

// Met with tss2 3.2.1 and 4.1.3; texts are those of Fapi_Provision.c, ifapi_*.c.
const std::array kFaults{
    KnownFault{
        0,
        "Bad value for field \"keyBits\"",
        {"profile-3072",
         "a profile in the folder has a key size that this tss2 cannot read, and one such file "
         "ends FAPI for every profile",
         "Move the profile that the log names out of profile_dir.",
         {}}},
    KnownFault{0,
               "Invalid flag",
               {"profile-newer",
                "the profile was written for a newer tss2",
                "Use the profiles that came with this tss2.",
                {}}},
    KnownFault{0,
               "No certificate downloaded",
               {"ek-certificate-unchecked",
                "the EK certificate of this TPM names no place to fetch its issuer's from",
                "Put \"ek_cert_less\": \"yes\", into fapi-config.json.",
                {}}},
    KnownFault{0,
               "Failed to verify intermediate certificate",
               {"ek-certificate-unknown-ca",
                "the EK certificate is signed by a CA that tss2 does not know",
                "Put \"ek_cert_less\": \"yes\", into fapi-config.json.",
                {}}},
    KnownFault{0,
               "self-signed certificate",
               {"ek-certificate-unknown-ca",
                "the EK certificate is signed by a CA that tss2 does not know",
                "Put \"ek_cert_less\": \"yes\", into fapi-config.json.",
                {}}},
    KnownFault{0,
               "Hash alg for PCR selection not available",
               {"pcr-bank",
                "the profile names a PCR bank that this TPM does not have",
                "Name a bank of the TPM in pcr_selection of the profile: tpm2_getcap pcrs",
                {}}},
    KnownFault{0,
               "Invalid digest size",
               {"digest-size",
                "the digest is not of the size that the profile's hash has",
                "Sign a digest of the profile's own hash.",
                {}}},
    KnownFault{
        0x60025,
        "",
        {"no-ek-certificate",
         "the TPM has no EK certificate of the profile's kind",
         "Put \"ek_cert_less\": \"yes\", into fapi-config.json, or use a profile of the kind that "
         "the certificate has.",
         {}}},
    KnownFault{
        0x60034, "", {"not-provisioned", "FAPI is not provisioned yet", "Run: tss2_provision", {}}},
    KnownFault{0x60035,
               "",
               {"already-provisioned",
                "FAPI is provisioned already",
                "Nothing is wrong; tss2_delete --path=/ starts anew.",
                {}}},
};

std::string first_with(std::span<const std::string> log, std::string_view text) {
  for (const auto& line : log) {
    if (line.find(text) != std::string::npos) return line;
  }
  return "";
}

}  // namespace

std::optional<FapiFault> recognise_fapi(std::uint32_t rc, std::span<const std::string> log) {
  for (const auto& known : kFaults) {
    const bool by_code = known.rc != 0 && known.rc == rc;
    auto line = first_with(log, known.text.empty() ? "ERROR" : known.text);
    if (!by_code && (known.text.empty() || line.empty())) continue;
    auto fault = known.fault;
    fault.line = std::move(line);
    return fault;
  }
  return std::nullopt;
}

}  // namespace tpmprobe::probes
