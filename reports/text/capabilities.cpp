// SPDX-License-Identifier: BSD-2-Clause
#include <bit>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "knowledge/property_tags.h"
#include "knowledge/text.h"
#include "reports/summary.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports::plain {
namespace {

using knowledge::Capabilities;

constexpr int kIndent = 2;

constexpr std::string_view kUnread = "could not be read";

template <typename List, typename Name>
std::string named(const std::optional<List>& list, Name name) {
  if (!list) return std::string(kUnread);
  std::vector<std::string> words;
  for (const auto& entry : *list) words.push_back(name(entry));
  return words.empty() ? "none" : text::joined(words);
}

std::string bank_in_words(const knowledge::PcrBank& bank) {
  int registers = 0;
  for (const auto octet : bank.select) registers += std::popcount(octet);
  const auto name = knowledge::algorithm_name(bank.hash);
  return registers == 0 ? name + " (off)" : fmt::format("{} ({} PCRs)", name, registers);
}

std::string number_of(const Capabilities& capabilities, std::uint32_t tag, std::string_view what) {
  const auto value = capabilities.property(tag);
  return value ? fmt::format("{} {}", *value, what) : "";
}

std::string slots_in_words(const Capabilities& capabilities) {
  return text::joined(
      {number_of(capabilities, knowledge::kPtHrTransientMin, "objects loaded at once"),
       number_of(capabilities, knowledge::kPtHrLoadedMin, "sessions loaded"),
       number_of(capabilities, knowledge::kPtActiveSessionsMax, "sessions open"),
       number_of(capabilities, knowledge::kPtHrPersistentMin, "persistent objects")});
}

std::string sizes_in_words(const Capabilities& capabilities) {
  return text::joined(
      {number_of(capabilities, knowledge::kPtMaxDigest, "bytes in a digest"),
       number_of(capabilities, knowledge::kPtNvBufferMax, "bytes in one NV read or write")});
}

std::string commands_in_words(const Capabilities& capabilities) {
  if (!capabilities.commands) return std::string(kUnread);
  return fmt::format("{} implemented", capabilities.commands->size());
}

std::string hierarchy_in_words(const HierarchyState& hierarchy) {
  std::vector<std::string> words;
  if (hierarchy.enabled) words.emplace_back(*hierarchy.enabled ? "on" : "off");
  if (hierarchy.auth_set) words.emplace_back(*hierarchy.auth_set ? "password set" : "no password");
  return hierarchy.name + " " + (words.empty() ? "unknown" : text::joined(words));
}

std::string hierarchies_in_words(const Identity& tpm) {
  std::vector<std::string> words;
  for (const auto& hierarchy : tpm.hierarchies) words.push_back(hierarchy_in_words(hierarchy));
  return text::joined(words, "; ");
}

std::string modes_in_words(const Identity& tpm) {
  if (!tpm.fips_140_2) return {};
  return *tpm.fips_140_2 ? "FIPS 140-2 mode" : "not in FIPS 140-2 mode";
}

std::string specification_in_words(const Identity& tpm) {
  std::vector<std::string> words;
  if (tpm.spec_level) words.push_back(*tpm.spec_level);
  if (tpm.spec_revision) words.push_back("revision " + *tpm.spec_revision);
  if (tpm.spec_date) words.push_back("of " + *tpm.spec_date);
  return text::joined({text::joined(words, " "), tpm.ptp.value_or(""), modes_in_words(tpm)}, "; ");
}

std::string failure_in_words(const Identity& tpm) {
  if (!tpm.failure_mode) return {};
  std::string octets;
  for (const auto octet : tpm.failure_mode->out_data) octets += fmt::format("{:02x}", octet);
  return fmt::format("test result {}, data {}", knowledge::hex(tpm.failure_mode->test_result, 3),
                     octets.empty() ? "none" : octets);
}

std::vector<text::Labelled> identity_lines(const Identity& tpm) {
  return {{"specification", specification_in_words(tpm)},
          {"kind", tpm.kind_reason},
          {"failure mode", failure_in_words(tpm)},
          {"lockout", tpm.lockout ? lockout_in_words(*tpm.lockout) : ""},
          {"hierarchies", hierarchies_in_words(tpm)}};
}

std::vector<text::Labelled> capability_lines(const Capabilities& capabilities) {
  const auto algorithm = [](const auto& entry) { return knowledge::algorithm_name(entry.id); };
  return {{"algorithms", named(capabilities.algorithms, algorithm)},
          {"curves", named(capabilities.curves, knowledge::curve_name)},
          {"PCR banks", named(capabilities.pcr_banks, bank_in_words)},
          {"slots", slots_in_words(capabilities)},
          {"sizes", sizes_in_words(capabilities)},
          {"commands", commands_in_words(capabilities)}};
}

std::string software_in_words(const Host& host) {
  std::vector<std::string> words;
  for (const auto& [name, version] : host.packages)
    words.push_back(text::joined({name, version}, " "));
  return text::joined(words);
}

}  // namespace

void write_capabilities(const Report& report, text::Page& page) {
  page.heading("What the TPM says about itself");
  auto lines = identity_lines(report.tpm);
  if (report.capabilities) {
    const auto more = capability_lines(*report.capabilities);
    lines.insert(lines.end(), more.begin(), more.end());
  } else {
    lines.emplace_back("capabilities", kUnread);
  }
  page.record(lines, kIndent);
}

void write_host(const Report& report, text::Page& page) {
  const Host& host = report.host;
  page.heading("Machine and run");
  page.record({{"host", text::joined({host.distribution, host.kernel, host.architecture})},
               {"software", software_in_words(host)},
               {"run", text::joined({report.invocation.started,
                                     milliseconds_in_words(report.invocation.duration_ms),
                                     "tpmprobe " + report.tool_version})},
               {"command", text::joined(report.invocation.argv, " ")}},
              kIndent);
}

}  // namespace tpmprobe::reports::plain
