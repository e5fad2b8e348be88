// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/json/json_report.h"
#include "suites/golden/golden.h"

namespace tpmprobe::golden {
namespace {

const std::string kSource = TPMPROBE_SOURCE_DIR;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs python3-jsonschema over a report.
bool is_valid(const std::string& path) {
  const auto command = "python3 -B '" + kSource + "/suites/golden/validate.py' '" + path + "'";
  return std::system(command.c_str()) == 0;
}

/// A golden report with one change, in a file of its own.
class ChangedReport {
 public:
  template <typename Change>
  explicit ChangedReport(Change change) {
    auto json = nlohmann::ordered_json::parse(content_of(golden_path("report/amd.json")));
    change(json);
    std::ofstream(path_) << json;
  }
  ChangedReport(const ChangedReport&) = delete;
  ChangedReport& operator=(const ChangedReport&) = delete;
  ~ChangedReport() { std::filesystem::remove(path_); }

  [[nodiscard]] bool is_valid() const { return golden::is_valid(path_); }

 private:
  std::string path_ =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST(ReportSchema, IsCompiledInAsItIsInTheSource) {
  EXPECT_EQ(reports::report_schema(), content_of(kSource + "/reports/schema/report.schema.json"));
}

TEST(ReportSchema, AcceptsEveryGoldenReport) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(golden_path("report"))) {
    if (entry.path().extension() != ".json") continue;
    ++seen;
    EXPECT_TRUE(is_valid(entry.path().string())) << entry.path();
  }
  EXPECT_GE(seen, 5);
}

TEST(ReportSchema, RefusesAVerdictThatIsNotInTheList) {
  EXPECT_FALSE(
      ChangedReport([](auto& json) { json["results"][0]["verdict"] = "passed"; }).is_valid());
}

TEST(ReportSchema, RefusesACodeThatIsNotHexadecimal) {
  EXPECT_FALSE(ChangedReport([](auto& json) { json["results"][0]["rc"] = "469"; }).is_valid());
}

TEST(ReportSchema, RefusesAKeyThatItDoesNotKnow) {
  EXPECT_FALSE(ChangedReport([](auto& json) { json["host"]["name"] = "ada"; }).is_valid());
}

TEST(ReportSchema, RefusesAMissingKey) {
  EXPECT_FALSE(ChangedReport([](auto& json) { json["tpm"].erase("firmware"); }).is_valid());
}

TEST(ReportSchema, RefusesAnEmptyTextWhereNullBelongs) {
  EXPECT_FALSE(ChangedReport([](auto& json) { json["tpm"]["firmware"] = ""; }).is_valid());
}

}  // namespace
}  // namespace tpmprobe::golden
