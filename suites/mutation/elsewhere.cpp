// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "suites/mutation/injected.h"
#include "suites/swtpm/program.h"

/// The wire is all that a report learns from: each defect once more, with the TPM that has it in
/// another process and nothing between the two but a socket.
namespace tpmprobe::suites {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// `tpmprobe report` on what `tpmprobe emulator` serves with these options.
nlohmann::json report_on_served(const Words& options, const Words& probes) {
  Words words{"emulator"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(),
               {"--", "sh", "-c", R"(exec "$0" report --format json --tcti "$TPM2TOOLS_TCTI" "$@")",
                tpmprobe_path()});
  for (const auto& probe : probes) words.insert(words.end(), {"--only", probe});
  const ProgramResult run = run_tpmprobe(words);
  auto report = nlohmann::json::parse(run.output, nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << run.errors;
  return report;
}

std::vector<std::string> ids_of_findings(const nlohmann::json& report) {
  std::vector<std::string> ids;
  for (const auto& finding : report.value("findings", nlohmann::json::array())) {
    ids.push_back(finding.at("id"));
  }
  return ids;
}

class EveryQuirkElsewhere : public testing::TestWithParam<std::string> {};

TEST_P(EveryQuirkElsewhere, IsFoundThroughASocketWithItsDiagnosis) {
  const auto& quirk = *knowledge::find_quirk(GetParam());
  const auto report = report_on_served({"--quirk", quirk.id}, probes_for(quirk));
  ASSERT_THAT(ids_of_findings(report), Contains(quirk.id));
  const auto& findings = report.at("findings");
  const auto found = std::ranges::find_if(
      findings, [&](const auto& finding) { return finding.at("id") == quirk.id; });
  EXPECT_THAT((*found).at("diagnosis").get<std::string>(), testing::HasSubstr(quirk.diagnosis));
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const auto& quirk : knowledge::quirks()) ids.push_back(quirk.id);
  return ids;
}

INSTANTIATE_TEST_SUITE_P(Mutation, EveryQuirkElsewhere, testing::ValuesIn(all_ids()),
                         [](const auto& test) { return test.param; });

TEST(CleanTpmElsewhere, HasNoDefect) {
  for (const char* backend : {"libtpms", "swtpm"}) {
    const auto report =
        report_on_served({"--backend", backend},
                         {"identity", "capability.*", "state.*", "*p256*", "*p384*", "*rsa1024*",
                          "*rsa2048*", "rng.*", "hash.*", "clock.*", "time.*", "sign.known.*"});
    for (const auto& id : ids_of_findings(report)) {
      const auto* quirk = knowledge::find_quirk(id);
      EXPECT_TRUE(quirk == nullptr || quirk->is_limit) << backend << ": " << id;
    }
    EXPECT_THAT(ids_of_findings(report), Not(Contains("unrecognised"))) << backend;
    EXPECT_EQ(report.at("invocation").at("exit_code"), 0) << backend;
  }
}

}  // namespace
}  // namespace tpmprobe::suites
