// SPDX-License-Identifier: BSD-2-Clause
#include "cli/probe_lists.h"

#include <algorithm>

#include <fmt/ostream.h>

#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "tpm/layers/side_effects.h"

namespace tpmprobe::cli {
namespace {

namespace cc = knowledge::cc;

std::string command_words(std::uint32_t code) {
  const auto* command = knowledge::find_command(code);
  std::vector<std::string_view> clauses;
  for (unsigned bit = 1; bit <= command->effects; bit <<= 1U) {
    const auto effect = static_cast<std::uint16_t>(command->effects & bit);
    if (effect != 0) clauses.push_back(tpm::clause_of(effect));
  }
  return clauses.empty() ? fmt::format("TPM2_{}", command->name)
                         : fmt::format("TPM2_{} ({})", command->name, fmt::join(clauses, ", "));
}

void print_commands(std::string_view id, const std::vector<std::uint32_t>& commands,
                    std::ostream& out) {
  std::vector<std::string> words;
  for (const auto code : commands) words.push_back(command_words(code));
  fmt::print(out, "{:<38} {}\n", id,
             words.empty() ? "none: reads what session.open has read"
                           : fmt::format("{}", fmt::join(words, ", ")));
}

std::size_t longest_id(const std::vector<const probes::Probe*>& probes) {
  std::size_t longest = 0;
  for (const auto* probe : probes) longest = std::max(longest, probe->id.size());
  return longest;
}

}  // namespace

void print_list(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  const std::size_t width = longest_id(probes);
  for (const auto* probe : probes) {
    fmt::print(out, "{:<{}}  {}\n", probe->id, width, probe->title);
  }
}

void print_dry_run(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  fmt::print(out,
             "Commands that this run may send, and what they change. Nothing outlives the run: "
             "transient objects\nare flushed at its end. Nothing was sent now.\n\n");
  print_commands("session.open",
                 {cc::kGetCapability, cc::kStartup, cc::kGetTestResult, cc::kReadPublic,
                  cc::kFlushContext, cc::kReadClock},
                 out);
  for (const auto* probe : probes) print_commands(probe->id, probe->needs.commands, out);
  print_commands("session.close", {cc::kFlushContext, cc::kGetCapability}, out);
}

}  // namespace tpmprobe::cli
