// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>
#include <fstream>
#include <iterator>
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

TEST(JsonReport, IsWrittenAsItWasRead) {
  std::size_t read = 0;
  for (const auto& file : std::filesystem::directory_iterator(golden_path("report"))) {
    if (file.path().extension() != ".json") continue;
    std::ifstream stream(file.path());
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const auto report = reports::read_json(text);
    ASSERT_TRUE(report) << file.path() << " " << report.error();
    EXPECT_EQ(json_of(*report), text) << file.path();
    ++read;
  }
  EXPECT_EQ(read, 6U);
}

TEST(JsonReport, OfAnOlderVersionIsReadWithWhatItHas) {
  auto json = parsed(amd_report());
  json["a later member"] = 1;
  json["results"][0]["a later member"] = {{"x", 1}};
  for (const auto* member : {"host", "uses", "summary"}) json.erase(member);
  json["results"][104].erase("evidence");
  const auto report = reports::read_json(json.dump());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->host.kernel, "");
  EXPECT_TRUE(report->uses.empty());
  EXPECT_EQ(report->results[104].result.rc, 0x1d5U);
  EXPECT_EQ(report->results[104].result.verdict, Verdict::quirk);
  EXPECT_EQ(report->results.size(), amd_report().results.size());
}

TEST(JsonReport, IsToldFromWhatIsNone) {
  for (const auto* text : {"", "{", "[]", "7", "\"x\"", "{}", R"({"results": []})",
                           R"({"schema_version": "1.0", "explanations": []})",
                           R"({"schema_version": 1, "tpm": {}, "results": []})"}) {
    const auto report = reports::read_json(text);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error(), "is not a JSON report of tpmprobe");
  }
  const auto later = reports::read_json(R"({"schema_version": "2.0", "tpm": {}, "results": []})");
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error(), "has schema version 2.0; this tpmprobe reads version 1");
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
