// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/read_ek_certificates.h"

#include <algorithm>

#include "doctor/ek_certificates.h"
#include "knowledge/bits.h"
#include "knowledge/property_tags.h"
#include "tpm/commands/nv.h"

namespace tpmprobe::doctor {
namespace {

bool has(const tpm::NvPublic& index, std::string_view bit) {
  return (index.attributes & knowledge::bit_mask("TPMA_NV", bit).value_or(0)) != 0;
}

bool owner_password_is_empty(const TpmFacts& facts) {
  return std::ranges::any_of(facts.identity.hierarchies, [](const HierarchyState& hierarchy) {
    return hierarchy.name == "owner" && hierarchy.auth_set == false && hierarchy.enabled != false;
  });
}

/// The owner's password never counts towards lockout; that of an index only without NO_DA
/// (Part 1, 19.8.2).
std::optional<tpm::NvAuth> harmless_auth(const TpmFacts& facts, const tpm::NvPublic& index) {
  if (has(index, "OWNERREAD") && owner_password_is_empty(facts)) return tpm::NvAuth::owner;
  if (has(index, "AUTHREAD") && has(index, "NO_DA")) return tpm::NvAuth::index;
  return std::nullopt;
}

std::uint16_t piece_of(const TpmFacts& facts) {
  constexpr std::uint32_t kSmallest = 64, kUsual = 512, kLargest = 1024;
  return static_cast<std::uint16_t>(
      std::clamp(facts.capabilities.property(knowledge::kPtNvBufferMax).value_or(kUsual), kSmallest,
                 kLargest));
}

EkCertificateFacts unread(std::uint32_t index, std::string why) {
  return {index, std::nullopt, std::move(why)};
}

EkCertificateFacts read_one(tpm::Session& session, const TpmFacts& facts, std::uint32_t index) {
  const auto area = tpm::read_nv_public(session, index);
  if (!area) return unread(index, area.error().message);
  if (!has(*area, "WRITTEN")) return unread(index, "nothing was ever written there");
  const auto auth = harmless_auth(facts, *area);
  if (!auth) return unread(index, "reading it needs a password");
  const auto octets = tpm::read_nv(session, *area, *auth, piece_of(facts));
  if (!octets) return unread(index, octets.error().message);
  auto certificate = host::read_certificate(*octets);
  if (!certificate) return unread(index, "what is there is no certificate");
  return {index, std::move(certificate), ""};
}

}  // namespace

std::vector<EkCertificateFacts> read_ek_certificates(tpm::Session& session, const TpmFacts& facts) {
  std::vector<EkCertificateFacts> found;
  for (const auto& known : kEkCertificates) {
    if (has_nv_index(facts, known.nv_index)) {
      found.push_back(read_one(session, facts, known.nv_index));
    }
  }
  return found;
}

}  // namespace tpmprobe::doctor
