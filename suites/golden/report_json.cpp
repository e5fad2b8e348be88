// SPDX-License-Identifier: BSD-2-Clause
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/json/json_report.h"
#include "suites/golden/golden.h"
#include "suites/golden/report_samples.h"

namespace tpmprobe::golden {
namespace {

std::string json_of(const reports::Report& report) {
  std::ostringstream out;
  reports::write_json(report, out);
  return out.str();
}

nlohmann::ordered_json parsed(const reports::Report& report) {
  return nlohmann::ordered_json::parse(json_of(report));
}

std::vector<std::string> keys(const nlohmann::ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

TEST(JsonReport, OfACleanTpm) {
  expect_golden("report/clean.json", json_of(clean_report()));
}
TEST(JsonReport, OfP384WithoutSha384) {
  expect_golden("report/amd.json", json_of(amd_report()));
}
TEST(JsonReport, OfFailureMode) {
  expect_golden("report/failed.json", json_of(failed_report()));
}
TEST(JsonReport, OfARunCutShort) {
  expect_golden("report/incomplete.json", json_of(incomplete_report()));
}
TEST(JsonReport, OfEveryDefectOfSigning) {
  expect_golden("report/defective.json", json_of(defective_report()));
}
TEST(JsonReport, OfHostileStrings) {
  expect_golden("report/hostile.json", json_of(hostile_report()));
}

TEST(JsonReport, HasTheKeysOfTheInterfaceInTheirOrder) {
  const auto json = parsed(amd_report());
  EXPECT_EQ(keys(json),
            (std::vector<std::string>{"schema_version", "tool", "invocation", "host", "tpm",
                                      "capabilities", "results", "uses", "findings", "summary"}));
  EXPECT_EQ(
      keys(json["results"][0]),
      (std::vector<std::string>{"id", "title", "verdict", "duration_ms", "tpm_commands", "tpm_ms",
                                "expected", "actual", "rc", "command", "explanation", "advice",
                                "quirk", "verified_by", "evidence"}));
}

TEST(JsonReport, WritesCodesAndIdsAsHexadecimalBesideTheirNames) {
  const auto json = parsed(amd_report());
  const auto& failed = json["results"][104];
  EXPECT_EQ(failed["rc"], "0x1d5");
  EXPECT_EQ(failed["command"]["id"], "0x15d");
  EXPECT_EQ(failed["command"]["name"], "TPM2_Sign");
  EXPECT_EQ(json["capabilities"]["algorithms"][2]["id"], "0x000b");
  EXPECT_EQ(json["capabilities"]["algorithms"][2]["name"], "sha256");
}

TEST(JsonReport, WritesNullForWhatIsNotKnown) {
  const auto json = parsed(failed_report());
  EXPECT_TRUE(json["capabilities"].is_null());
  EXPECT_TRUE(json["tpm"]["firmware"].is_null());
  EXPECT_TRUE(json["tpm"]["reset_count"].is_null());
  EXPECT_TRUE(json["tpm"]["lockout"].is_null());
  EXPECT_TRUE(json["tpm"]["emulation"].is_null());
  EXPECT_TRUE(json["host"]["kernel"].is_null());
  EXPECT_TRUE(parsed(amd_report())["capabilities"]["pcr_banks"].is_null());
}

TEST(JsonReport, TellsAnEmptyListFromOneThatWasNotRead) {
  const auto json = parsed(clean_report());
  EXPECT_EQ(json["capabilities"]["handles"]["transient"], nlohmann::ordered_json::array());
  EXPECT_TRUE(json["capabilities"]["handles"]["persistent"].is_null());
}

TEST(JsonReport, CountsEveryVerdict) {
  const auto counts = parsed(amd_report())["summary"]["counts"];
  EXPECT_EQ(counts.size(), 8U);
  EXPECT_EQ(counts["quirk"], 1);
  EXPECT_EQ(counts["fail"], 0);
}

TEST(JsonReport, RoundsTimesToMicroseconds) {
  EXPECT_EQ(parsed(clean_report())["invocation"]["duration_ms"], 812.346);
}

}  // namespace
}  // namespace tpmprobe::golden
