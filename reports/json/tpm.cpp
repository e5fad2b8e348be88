// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "knowledge/text.h"
#include "reports/json/parts.h"
#include "reports/json/values.h"
#include "reports/units.h"

namespace tpmprobe::reports::json {
namespace {

Json emulation(const Emulation& emulation) {
  return {{"firmware", text_or_null(emulation.firmware)},
          {"quirks", emulation.quirks},
          {"missing", emulation.missing}};
}

Json hierarchy(const HierarchyState& hierarchy) {
  return {{"name", hierarchy.name},
          {"enabled", or_null(hierarchy.enabled)},
          {"auth_set", or_null(hierarchy.auth_set)}};
}

Json lockout(const LockoutState& lockout) {
  return {{"in_lockout", lockout.in_lockout},  {"lockout_auth_set", lockout.lockout_auth_set},
          {"counter", lockout.counter},        {"max_tries", lockout.max_tries},
          {"interval_s", lockout.interval_s},  {"recovery_s", lockout.recovery_s},
          {"words", lockout_in_words(lockout)}};
}

Json failure_mode(const FailureMode& failure) {
  std::string octets;
  for (const auto octet : failure.out_data) octets += fmt::format("{:02x}", octet);
  return {{"test_result", knowledge::hex(failure.test_result, kCodeDigits)}, {"out_data", octets}};
}

Json kind(TpmKind kind) {
  return kind == TpmKind::unknown ? Json(nullptr) : Json(knowledge::kind_name(kind));
}

/// What the TPM did not say is null, whole objects too.
template <typename T>
Json object_or_null(const std::optional<T>& value, Json (*make)(const T&)) {
  return value ? make(*value) : Json(nullptr);
}

}  // namespace

Json tpm(const Report& report) {
  const auto& tpm = report.tpm;
  return {{"manufacturer", text_or_null(tpm.manufacturer)},
          {"vendor_string", text_or_null(tpm.vendor_string)},
          {"firmware", text_or_null(tpm.firmware)},
          {"spec_revision", text_or_null(tpm.spec_revision)},
          {"transport", text_or_null(tpm.transport)},
          {"reset_count", or_null(tpm.reset_count)},
          {"owner_primary_name", text_or_null(tpm.owner_primary_name)},
          {"emulation", object_or_null(report.emulation, emulation)},
          {"manufacturer_name", text_or_null(tpm.manufacturer_name)},
          {"spec_date", text_or_null(tpm.spec_date)},
          {"spec_level", text_or_null(tpm.spec_level)},
          {"fips_140_2", or_null(tpm.fips_140_2)},
          {"ptp", text_or_null(tpm.ptp)},
          {"kind", kind(tpm.kind)},
          {"kind_reason", text_or_null(tpm.kind_reason)},
          {"hierarchies", array_of(tpm.hierarchies, hierarchy)},
          {"lockout", object_or_null(tpm.lockout, lockout)},
          {"failure_mode", object_or_null(tpm.failure_mode, failure_mode)}};
}

}  // namespace tpmprobe::reports::json
