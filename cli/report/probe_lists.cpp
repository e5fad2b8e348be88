// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/probe_lists.h"

#include <algorithm>
#include <set>

#include <fmt/ostream.h>

#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "tpm/layers/side_effects.h"

namespace tpmprobe::cli {
namespace {

namespace cc = knowledge::cc;

constexpr std::size_t kNameWidth = 18;  // of the longest command's name here

const ProbeId kOpen{.family = Family::session, .step = "open"};
const ProbeId kClose{.family = Family::session, .step = "close"};

/// What `session.open` and `session.close` may send.
const std::vector<std::uint32_t> kOpening{cc::kGetCapability, cc::kStartup,      cc::kGetTestResult,
                                          cc::kReadPublic,    cc::kFlushContext, cc::kReadClock};
const std::vector<std::uint32_t> kClosing{cc::kFlushContext, cc::kGetCapability};

std::string command_name(std::uint32_t code) {
  return fmt::format("TPM2_{}", knowledge::find_command(code)->name);
}

std::string effects_of(std::uint32_t code) {
  const auto* command = knowledge::find_command(code);
  std::vector<std::string_view> clauses;
  for (unsigned bit = 1; bit <= command->effects; bit <<= 1U) {
    const auto effect = static_cast<std::uint16_t>(command->effects & bit);
    if (effect != 0) clauses.push_back(tpm::clause_of(effect));
  }
  return clauses.empty() ? "changes nothing" : fmt::format("{}", fmt::join(clauses, ", "));
}

std::vector<std::uint32_t> commands_of(const probes::Probe& probe) {
  auto all = probe.needs.commands;
  all.insert(all.end(), probe.may_send.begin(), probe.may_send.end());
  return all;
}

void print_commands(const ProbeId& id, const std::vector<std::uint32_t>& commands,
                    std::size_t width, std::ostream& out) {
  std::vector<std::string> names;
  for (const auto code : commands) names.push_back(command_name(code));
  fmt::print(out, "  {:<{}}  {}\n", to_string(id), width,
             names.empty() ? "none: looks at what session.open has read"
                           : fmt::format("{}", fmt::join(names, " ")));
}

std::size_t longest_id(const std::vector<const probes::Probe*>& probes) {
  std::size_t longest = to_string(kClose).size();
  for (const auto* probe : probes) longest = std::max(longest, to_string(probe->id).size());
  return longest;
}

}  // namespace

void print_list(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  const std::size_t width = longest_id(probes);
  for (const auto* probe : probes) {
    fmt::print(out, "{:<{}}  {}\n", to_string(probe->id), width, probe->title);
  }
}

void print_dry_run(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  std::set<std::uint32_t> all(kOpening.begin(), kOpening.end());
  for (const auto* probe : probes) {
    for (const auto code : commands_of(*probe)) all.insert(code);
  }
  fmt::print(out, "Nothing was sent. A run may send these commands, and no other:\n");
  for (const auto code : all) {
    fmt::print(out, "  {:<{}}  {}\n", command_name(code), kNameWidth, effects_of(code));
  }
  fmt::print(out,
             "\nTransient objects are flushed before the run ends; TPM2_Startup is only for a TPM "
             "that nobody has\nstarted; TPM2_GetTestResult also follows an answer of "
             "TPM_RC_FAILURE. Probe by "
             "probe:\n");
  const std::size_t width = longest_id(probes);
  print_commands(kOpen, kOpening, width, out);
  for (const auto* probe : probes) print_commands(probe->id, commands_of(*probe), width, out);
  print_commands(kClose, kClosing, width, out);
}

}  // namespace tpmprobe::cli
