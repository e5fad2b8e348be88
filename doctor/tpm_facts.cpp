// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/tpm_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "knowledge/capabilities.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc_values.h"
#include "probes/hex_digits.h"
#include "probes/opening.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/objects.h"
#include "tpm/commands/services.h"
#include "tpm/leftovers.h"

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
  if (!certificate) return unread(index, "its contents are not a certificate");
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

namespace {

bool answered_with(const tpm::CapabilityReading& reading, std::uint32_t rc) {
  return std::ranges::any_of(reading.faults, [&](const tpm::CapabilityFault& fault) {
    return fault.error.kind == Error::Kind::tpm && fault.error.rc == rc;
  });
}

void read_objects(tpm::Session& session, TpmFacts& facts) {
  const auto& persistent = facts.capabilities.handles.persistent;
  for (const auto handle : persistent.value_or(std::vector<std::uint32_t>{})) {
    const auto area = tpm::read_public_form(session, handle);
    if (area)
      facts.persistent[handle] = {probes::hex_digits(area->name), probes::hex_digits(area->form)};
  }
  const auto& loaded = facts.capabilities.handles.transient;
  std::vector<tpm::ForeignObject> objects;
  for (const auto handle : loaded.value_or(std::vector<std::uint32_t>{})) {
    if (auto object = tpm::read_public(session, handle)) objects.push_back(std::move(*object));
  }
  const auto is_ours = [&](const auto& object) { return tpm::is_ours(object, objects); };
  facts.own_objects += std::ranges::count_if(objects, is_ours);
}

TpmFacts facts_of_failed(tpm::Session& session, TpmFacts facts) {
  facts.failed = true;
  probes::ask_failed_tpm(session, facts.capabilities);
  facts.identity = probes::identify(facts.capabilities);
  return facts;
}

}  // namespace

TpmFacts read_tpm_facts(tpm::Session& session) {
  TpmFacts facts;
  auto reading = tpm::read_capabilities(session);
  facts.asleep = answered_with(reading, knowledge::rc::kInitialize);
  facts.failed = answered_with(reading, knowledge::rc::kFailure);
  facts.capabilities = std::move(reading.capabilities);
  if (const auto test = tpm::get_test_result(session)) facts.test_result = test->result;
  if (facts.failed) return facts_of_failed(session, std::move(facts));
  if (!facts.capabilities.properties_fixed && !reading.faults.empty()) {
    facts.unreachable = reading.faults.front().error.message;
    return facts;
  }
  facts.identity = probes::identify(facts.capabilities);
  if (const auto time = tpm::read_clock(session)) {
    constexpr std::uint64_t kMillisecond = 1000;
    facts.identity.reset_count = time->reset_count;
    facts.clock_s = time->clock_ms / kMillisecond;
  }
  read_objects(session, facts);
  facts.ek_certificates = read_ek_certificates(session, facts);
  return facts;
}

}  // namespace tpmprobe::doctor
