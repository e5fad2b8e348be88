// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/report_support.h"

#include <fstream>

#include "tpm/commands/capability.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {

using nlohmann::json;

const Words kQuickest{"--skip", "*rsa*"};

std::map<std::string, std::string> verdicts_of(const json& report) {
  std::map<std::string, std::string> verdicts;
  for (const json& result : report.at("results")) verdicts[result.at("id")] = result.at("verdict");
  return verdicts;
}

std::vector<std::string> findings_of(const json& report) {
  std::vector<std::string> ids;
  for (const json& finding : report.at("findings")) ids.push_back(finding.at("id"));
  return ids;
}

std::vector<std::string> troubles_of(const json& report) {
  std::vector<std::string> troubles;
  for (const json& result : report.at("results")) {
    const std::string verdict = result.at("verdict");
    if (verdict == "pass" || verdict == "unsupported") continue;
    troubles.push_back(result.at("id").get<std::string>() + " " + verdict + ": " +
                       result.at("actual").get<std::string>());
  }
  return troubles;
}

json result_of(const json& report, std::string_view id) {
  for (const json& result : report.at("results")) {
    if (result.at("id") == id) return result;
  }
  return nullptr;
}

std::size_t commands_of(const json& report) {
  std::size_t sum = 0;
  for (const json& result : report.at("results")) {
    sum += result.at("tpm_commands").get<std::size_t>();
  }
  return sum;
}

json parse_report(const std::string& text) {
  json report = json::parse(text, nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << text;
  if (report.is_discarded()) report = {{"results", json::array()}, {"findings", json::array()}};
  return report;
}

json validated_report(const std::string& text) {
  const auto directory = tpm::PrivateDirectory::create();
  const std::string path = directory->path() / "report.json";
  std::ofstream(path) << text;
  const auto valid =
      run_program({"python3", TPMPROBE_SOURCE_DIR "/suites/golden/validate.py", path});
  EXPECT_TRUE(valid.status.succeeded()) << valid.output << valid.errors;
  return parse_report(text);
}

json report_of_embedded(const Words& choice) {
  Words words{"report", "--emulated", "--format", "json"};
  words.insert(words.end(), choice.begin(), choice.end());
  const auto run = run_tpmprobe(words);
  EXPECT_EQ(run.status.code, 0) << run.errors;
  return parse_report(run.output);
}

Words report_words(const std::string& tcti, const Words& choice) {
  Words words{"report", "--tcti", tcti, "--format", "json"};
  words.insert(words.end(), choice.begin(), choice.end());
  return words;
}

void ReportOnSwtpm::SetUp() {
  auto swtpm = emulator::SwtpmProcess::start();
  ASSERT_TRUE(swtpm) << swtpm.error().message;
  swtpm_ = std::move(*swtpm);
  relay_ = std::make_unique<SwtpmRelay>(*swtpm_);
}

json ReportOnSwtpm::report(const Words& choice, int exit_code) {
  const auto run = run_tpmprobe(report_words(relay_->tcti(), choice));
  EXPECT_EQ(run.status.signal, 0);
  EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
  return parse_report(run.output);
}

std::vector<std::uint32_t> ReportOnSwtpm::transient() {
  tpm::SystemClock clock;
  auto swtpm =
      tpm::SwtpmTransport::open(swtpm_->tcti().substr(std::string("swtpm:").size()), clock);
  EXPECT_TRUE(swtpm) << swtpm.error().message;
  if (!swtpm) return {};
  auto session = tpm::Session::open(std::move(*swtpm));
  EXPECT_TRUE(session) << session.error().message;
  if (!session) return {};
  constexpr std::uint32_t kTransientFirst = 0x80000000;
  const auto handles = tpm::read_handles(*session, kTransientFirst);
  EXPECT_TRUE(handles) << handles.error().message;
  return handles.value_or(std::vector<std::uint32_t>{});
}

std::string ReportOnSwtpm::tool(const Words& argv) {
  const auto run = run_program(argv, {{"TPM2TOOLS_TCTI", swtpm_->tcti()}});
  EXPECT_TRUE(run.status.succeeded()) << ::testing::PrintToString(argv) << run.errors;
  return run.output;
}

void ReportOnSwtpm::load_foreign_objects(int count) {
  for (int object = 0; object < count; ++object) {
    tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-g", "sha256"});
  }
  ASSERT_EQ(transient().size(), static_cast<std::size_t>(count));
}

}  // namespace tpmprobe::suites
