// SPDX-License-Identifier: BSD-2-Clause
#include "probes/opening.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "knowledge/capabilities.h"
#include "knowledge/command_codes.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc_values.h"
#include "knowledge/vendors.h"
#include "probes/judge.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/services.h"

namespace tpmprobe::probes {
namespace {

using knowledge::Capabilities;

// A property of four characters; zero octets fill it up.
std::string text(std::uint32_t value) {
  std::string characters;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const auto character = static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xffU);
    if (character != '\0') characters += character;
  }
  return characters;
}

std::string trimmed(std::string words) {
  const auto end = words.find_last_not_of(' ');
  words.erase(end == std::string::npos ? 0 : end + 1);
  return words;
}

// In failure mode the reference code (Part 4, TpmFail.c) gives its strings as integers of its own
// processor, which mostly is a little-endian one: "MBI".
bool is_backwards(const Capabilities& capabilities) {
  const auto id = text(capabilities.property(knowledge::kPtManufacturer).value_or(0));
  return knowledge::find_vendor(trimmed(id)) == nullptr &&
         knowledge::find_vendor(trimmed({id.rbegin(), id.rend()})) != nullptr;
}

std::string vendor_text(const Capabilities& capabilities, std::uint32_t value) {
  const auto word = text(value);
  return is_backwards(capabilities) ? std::string(word.rbegin(), word.rend()) : word;
}

std::optional<std::string> vendor_string(const Capabilities& capabilities) {
  std::optional<std::string> all;
  for (const auto tag : {knowledge::kPtVendorString1, knowledge::kPtVendorString2,
                         knowledge::kPtVendorString3, knowledge::kPtVendorString4}) {
    if (const auto part = capabilities.property(tag)) {
      all = all.value_or("") + vendor_text(capabilities, *part);
    }
  }
  return all ? std::optional(trimmed(*all)) : std::nullopt;
}

// The library's date is a year and a day of that year, 1 being the first of January.
std::optional<std::string> date(const Capabilities& capabilities, std::uint32_t year_tag,
                                std::uint32_t day_tag) {
  namespace chrono = std::chrono;
  const auto of_year = capabilities.property(year_tag);
  const auto of_day = capabilities.property(day_tag);
  constexpr std::uint32_t kFirstYear = 2000, kLastYear = 2999, kLastDay = 366;
  if (!of_year || !of_day || *of_year < kFirstYear || *of_year > kLastYear || *of_day == 0 ||
      *of_day > kLastDay) {
    return std::nullopt;
  }
  const chrono::year_month_day first{chrono::year(static_cast<int>(*of_year)), chrono::January,
                                     chrono::day(1)};
  const chrono::year_month_day that{chrono::sys_days(first) + chrono::days(*of_day - 1)};
  return fmt::format("{}-{:02}-{:02}", static_cast<int>(that.year()),
                     static_cast<unsigned>(that.month()), static_cast<unsigned>(that.day()));
}

std::optional<std::string> revision(std::optional<std::uint32_t> value) {
  if (!value) return std::nullopt;
  return fmt::format("{}.{:02}", *value / 100, *value % 100);
}

// TPM_PT_PS_*: the platform profile the TPM was built for; all zero means that it does not say.
std::optional<std::string> platform_profile(const Capabilities& capabilities) {
  const auto family = capabilities.property(knowledge::kPtPsFamilyIndicator);
  const auto of = revision(capabilities.property(knowledge::kPtPsRevision));
  if (!family || !of || *family == 0) return std::nullopt;
  constexpr std::uint32_t kPcClient = 1;  // TPM_PS_PC, Part 2, 6.14
  const auto name = *family == kPcClient ? std::string("PC Client")
                    : *family < 0x100    ? fmt::format("platform {}", *family)
                                         : fmt::format("platform profile {}", text(*family));
  auto words = fmt::format("{} revision {}", name, *of);
  if (auto of_date = date(capabilities, knowledge::kPtPsYear, knowledge::kPtPsDayOfYear)) {
    words += fmt::format(" of {}", *of_date);
  }
  return words;
}

std::optional<bool> flag(const Capabilities& capabilities, std::uint32_t tag,
                         std::string_view field, std::string_view bit) {
  const auto value = capabilities.property(tag);
  if (!value) return std::nullopt;
  return (*value & *knowledge::bit_mask(field, bit)) != 0;
}

std::vector<HierarchyState> hierarchies(const Capabilities& capabilities) {
  struct Row {
    const char *name, *enabled, *auth_set;  // bits of TPMA_STARTUP_CLEAR and TPMA_PERMANENT
  };
  constexpr std::array kRows{Row{"owner", "shEnable", "ownerAuthSet"},
                             Row{"endorsement", "ehEnable", "endorsementAuthSet"},
                             Row{"platform", "phEnable", nullptr},
                             Row{"lockout", nullptr, "lockoutAuthSet"}};
  std::vector<HierarchyState> states;
  for (const Row& row : kRows) {
    HierarchyState state;
    state.name = row.name;
    if (row.enabled != nullptr) {
      state.enabled =
          flag(capabilities, knowledge::kPtStartupClear, "TPMA_STARTUP_CLEAR", row.enabled);
    }
    if (row.auth_set != nullptr) {
      state.auth_set = flag(capabilities, knowledge::kPtPermanent, "TPMA_PERMANENT", row.auth_set);
    }
    states.push_back(std::move(state));
  }
  return states;
}

std::optional<LockoutState> lockout(const Capabilities& capabilities) {
  const auto in_lockout =
      flag(capabilities, knowledge::kPtPermanent, "TPMA_PERMANENT", "inLockout");
  const auto counter = capabilities.property(knowledge::kPtLockoutCounter);
  const auto tries = capabilities.property(knowledge::kPtMaxAuthFail);
  if (!in_lockout || !counter || !tries) return std::nullopt;
  LockoutState state;
  state.in_lockout = *in_lockout;
  state.lockout_auth_set =
      flag(capabilities, knowledge::kPtPermanent, "TPMA_PERMANENT", "lockoutAuthSet")
          .value_or(false);
  state.counter = *counter;
  state.max_tries = *tries;
  state.interval_s = capabilities.property(knowledge::kPtLockoutInterval).value_or(0);
  state.recovery_s = capabilities.property(knowledge::kPtLockoutRecovery).value_or(0);
  return state;
}

void name_vendor(const Capabilities& capabilities, Identity& identity) {
  const auto id = capabilities.property(knowledge::kPtManufacturer);
  identity.vendor_string = vendor_string(capabilities);
  if (!id) {
    identity.kind_reason = "the TPM does not name its manufacturer";
    return;
  }
  identity.manufacturer = trimmed(vendor_text(capabilities, *id));
  const auto* vendor = knowledge::find_vendor(*identity.manufacturer);
  if (vendor != nullptr) identity.manufacturer_name = std::string(vendor->name);
  const auto what =
      knowledge::identify(*identity.manufacturer, identity.vendor_string.value_or(""));
  identity.kind = what.kind;
  identity.kind_reason = what.what.empty() ? "an unknown manufacturer" : std::string(what.what);
  const auto high = capabilities.property(knowledge::kPtFirmwareVersion1);
  if (high) {
    identity.firmware = knowledge::format_firmware(
        *identity.manufacturer, *high,
        capabilities.property(knowledge::kPtFirmwareVersion2).value_or(0));
  }
}

}  // namespace

Identity identify(const Capabilities& capabilities) {
  Identity identity;
  name_vendor(capabilities, identity);
  identity.spec_revision = revision(capabilities.property(knowledge::kPtRevision));
  identity.spec_date = date(capabilities, knowledge::kPtYear, knowledge::kPtDayOfYear);
  if (const auto family = capabilities.property(knowledge::kPtFamilyIndicator)) {
    identity.spec_level = fmt::format("{} level {}", text(*family),
                                      capabilities.property(knowledge::kPtLevel).value_or(0));
  }
  identity.fips_140_2 = flag(capabilities, knowledge::kPtModes, "TPMA_MODES", "FIPS_140_2");
  identity.ptp = platform_profile(capabilities);
  identity.lockout = lockout(capabilities);
  identity.hierarchies = hierarchies(capabilities);
  return identity;
}

void ask_failed_tpm(tpm::Session& session, knowledge::Capabilities& capabilities) {
  auto& fixed = capabilities.properties_fixed;
  for (const auto tag : {knowledge::kPtManufacturer, knowledge::kPtVendorString1,
                         knowledge::kPtFirmwareVersion1, knowledge::kPtFirmwareVersion2}) {
    const auto value = tpm::read_property(session, tag);
    if (!value || !*value) continue;
    if (!fixed) fixed.emplace();
    fixed->push_back({tag, **value});
  }
}

namespace {

const Error* fault_with(const tpm::CapabilityReading& reading, std::uint32_t rc) {
  const auto fault = std::find_if(
      reading.faults.begin(), reading.faults.end(), [&](const tpm::CapabilityFault& candidate) {
        return candidate.error.kind == Error::Kind::tpm && candidate.error.rc == rc;
      });
  return fault == reading.faults.end() ? nullptr : &fault->error;
}

// Nothing that a TPM 2.0 would say came back. An impossible answer to one question of many is a
// fault of that list only.
const Error* fatal(const tpm::CapabilityReading& reading) {
  const auto& read = reading.capabilities;
  const bool told = read.properties_fixed || read.properties_variable || read.algorithms ||
                    read.curves || read.commands;
  if (told || reading.faults.empty()) return nullptr;
  const Error& first = reading.faults.front().error;
  return first.kind == Error::Kind::tpm ? nullptr : &first;
}

void ask_failed(const RunInput& input, Opening& opening) {
  ask_failed_tpm(input.session, opening.reading.capabilities);
  opening.identity = identify(opening.reading.capabilities);
  opening.identity.failure_mode = read_failure(input.session);
}

void describe(const Opening& opening, bool started, Result& result) {
  result.verdict = Verdict::pass;
  result.actual = "the TPM answers, and its capabilities were read";
  if (started) result.actual += "; it had not been started up: TPM2_Startup(CLEAR) was sent";
  const auto count = [&](std::size_t number, std::string_view what) {
    if (number > 0) result.actual += fmt::format("; {} {}", number, what);
  };
  count(opening.leftovers.flushed.size(), "objects of a killed tpmprobe flushed");
  count(opening.leftovers.of_another.size(), "objects of another running tpmprobe left alone");
  count(opening.leftovers.foreign_flushed.size(), "objects of other programs flushed");
}

void clear_slots(const RunInput& input, Opening& opening) {
  const auto& handles = opening.reading.capabilities.handles;
  auto cleared = tpm::clear_leftovers(input.session, input.guard, handles, input.leftovers);
  if (cleared) opening.leftovers = std::move(*cleared);
}

}  // namespace

FailureMode read_failure(tpm::Session& session) {
  const auto test = tpm::get_test_result(session);
  return test ? FailureMode{test->result, test->out_data} : FailureMode{};
}

Opening open_tpm(const RunInput& input, Result& result) {
  result.expected = "the TPM answers and reports its capabilities";
  Opening opening;
  opening.reading = tpm::read_capabilities(input.session);
  const bool asleep = fault_with(opening.reading, knowledge::rc::kInitialize) != nullptr;
  if (asleep && tpm::startup(input.session)) {
    opening.reading = tpm::read_capabilities(input.session);
  }
  if (const Error* failure = fault_with(opening.reading, knowledge::rc::kFailure)) {
    judge(*failure, "reading the capabilities", result);
    ask_failed(input, opening);
  } else if (const Error* nothing = fatal(opening.reading)) {
    judge(*nothing, "asking the TPM for its identity", result);
    opening.unreachable = *nothing;
  } else {
    clear_slots(input, opening);
    opening.identity = identify(opening.reading.capabilities);
    if (const auto now = tpm::read_clock(input.session)) {
      opening.identity.reset_count = now->reset_count;
    }
    describe(opening, asleep, result);
  }
  opening.identity.transport = input.transport;
  const auto& left = opening.leftovers;
  opening.identity.found_objects = {left.flushed.size(), left.of_another.size(),
                                    left.foreign.size(), left.foreign_flushed.size()};
  return opening;
}

}  // namespace tpmprobe::probes
