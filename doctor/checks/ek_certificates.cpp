// SPDX-License-Identifier: BSD-2-Clause
#include <ctime>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/tpm_facts.h"

namespace tpmprobe::doctor {
namespace {

std::string day(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  constexpr int kFirstYear = 1900;
  return fmt::format("{}-{:02}-{:02}", parts.tm_year + kFirstYear, parts.tm_mon + 1, parts.tm_mday);
}

std::string_view kind_of(std::uint32_t index) {
  for (const auto& known : kEkCertificates) {
    if (known.nv_index == index) return known.kind;
  }
  return "unknown";
}

Diagnosis line_of(const EkCertificateFacts& found, std::int64_t now_s) {
  const auto kind = kind_of(found.nv_index);
  if (!found.certificate) {
    return {"tpm.ek-certificates", Health::ok,
            fmt::format("EK certificate {} exists but was not read: {}", kind, found.unread), ""};
  }
  const auto& certificate = *found.certificate;
  auto seen = fmt::format("EK certificate {}: {}, issued by {}", kind, certificate.key,
                          certificate.issuer.empty() ? "an unknown issuer" : certificate.issuer);
  if (certificate.not_after_s < now_s || now_s < certificate.not_before_s) {
    return {"tpm.ek-certificates", Health::warn,
            fmt::format("{}, valid only from {} to {}", seen, day(certificate.not_before_s),
                        day(certificate.not_after_s)),
            "Check this machine's clock; if it is right, ask the manufacturer of the TPM for a new "
            "certificate."};
  }
  seen += certificate.has_issuer_url
              ? "; gives the address of its issuer"
              : "; does not give the address of its issuer, which FAPI needs";
  return {"tpm.ek-certificates", Health::ok, std::move(seen), ""};
}

}  // namespace

void check_ek_certificates(const Machine& machine, Diagnoses& lines) {
  const auto& tpm = machine.tpm;
  if (tpm.unreachable || !tpm.capabilities.handles.nv_index) return;
  for (const auto& found : tpm.ek_certificates) lines.push_back(line_of(found, machine.now_s));
  if (!tpm.ek_certificates.empty()) return;
  lines.push_back({"tpm.ek-certificates", Health::ok,
                   "there are no EK certificates in the TPM's NV memory", ""});
}

}  // namespace tpmprobe::doctor
