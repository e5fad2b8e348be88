// SPDX-License-Identifier: BSD-2-Clause
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "cli/report/report.h"
#include "knowledge/command_table.h"
#include "probes/catalogue.h"
#include "suites/emulator/report_support.h"

/// What --dry-run announces against what is sent.
namespace tpmprobe::suites {
namespace {

using Announced = std::map<std::string, std::set<std::string>>;

/// The last part of the dry run, probe by probe, as a person reads it.
Announced dry_run(const std::vector<const probes::Probe*>& probes) {
  std::stringstream text;
  cli::print_dry_run(probes, text);
  Announced announced;
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string id;
    words >> id;
    announced[id].insert(std::istream_iterator<std::string>(words), {});
  }
  return announced;
}

std::string name_of(std::uint32_t command) {
  const auto* info = knowledge::find_command(command);
  return info == nullptr ? fmt::format("{:#x}", command) : fmt::format("TPM2_{}", info->name);
}

class DryRun : public ReportTest {
 protected:
  /// Runs these, and holds what each result sent against what was announced for it.
  void expect_truth(const RunSpec& spec) {
    const auto announced = dry_run(*probes::select({spec.only, spec.skip, spec.quick}));
    const auto& [report, wire, progress] = run(spec);
    std::size_t next = 0;
    for (const auto& reported : report.results) {
      const auto id = to_string(reported.result.id);
      ASSERT_TRUE(announced.contains(id)) << id;
      for (int i = 0; i < reported.result.tpm_commands; ++i) {
        const auto name = name_of(wire.at(next++).command);
        EXPECT_TRUE(announced.at(id).contains(name)) << id << " sends " << name;
      }
    }
    EXPECT_EQ(next, wire.size());
  }
};

TEST_F(DryRun, AnnouncesWhatEachProbeSendsThatRunsAlone) {
  int alone = 0;
  for (const auto& probe : probes::catalogue()) {
    constexpr std::uint16_t kQuickToGenerate = 1024;
    if (probe.rsa_bits > kQuickToGenerate) continue;
    expect_truth({.only = {to_string(probe.id)}});
    ++alone;
  }
  EXPECT_GT(alone, 0);
}

TEST_F(DryRun, AnnouncesWhatEachProbeSendsThatRunsAfterOthers) {
  expect_truth({.skip = {"*rsa2048*", "*rsa3072*"}});
}

TEST_F(DryRun, AnnouncesWhatIsSentToATpmWithObjectsOfOthers) {
  load_foreign_object();
  expect_truth({.only = {"key.p256"}});
  expect_truth({.only = {"key.p256"}, .flush_leftovers = true});
}

}  // namespace
}  // namespace tpmprobe::suites
