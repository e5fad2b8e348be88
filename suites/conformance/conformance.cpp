// SPDX-License-Identifier: BSD-2-Clause
// One test for each probe, on the TPM that TPMPROBE_TCTI names, or on the one inside tpmprobe.
#include <algorithm>
#include <atomic>
#include <cctype>
#include <iostream>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/report/report.h"
#include "cli/terminal/terminal.h"
#include "probes/catalogue.h"

namespace tpmprobe::suites {
namespace {

std::vector<std::string> words() {
  std::vector<std::string> words;
  const auto tcti = cli::process_environment("TPMPROBE_TCTI");
  if (tcti && !tcti->empty()) {
    words = {"--tcti", *tcti};
  } else {
    words = {"--emulated"};
  }
  if (cli::process_environment("TPMPROBE_QUICK").value_or("0") == "1") words.push_back("--quick");
  return words;
}

std::optional<reports::Report> the_report;  // of the one run that all tests look at

/// Runs the probes before the first test. A TPM that cannot be opened fails all of them.
class TheRun final : public ::testing::Environment {
 public:
  void SetUp() override {
    std::istringstream in;
    std::ostringstream said;
    cli::Console console{in, said, said, false, false, {}, {}};
    const auto options = cli::parse_report_options(words(), console);
    ASSERT_TRUE(options) << said.str();
    auto target = cli::open_target(options->target, {cli::process_environment});
    ASSERT_TRUE(target) << target.error().message << '\n' << target.error().hint;
    static const std::atomic<bool> kNeverInterrupted{false};
    the_report = cli::run_probes(*target, *options, words(), kNeverInterrupted, console);
    const auto& tpm = the_report->tpm;
    std::cout << fmt::format("TPM: {} {}, firmware {}, by {}\n", tpm.manufacturer.value_or("?"),
                             tpm.vendor_string.value_or("?"), tpm.firmware.value_or("?"),
                             tpm.transport);
  }
};

const auto* const kTheRun = ::testing::AddGlobalTestEnvironment(new TheRun);

const reports::ReportedResult* find(const std::string& id) {
  const auto& results = the_report->results;
  const auto found = std::ranges::find_if(
      results, [&](const reports::ReportedResult& reported) { return reported.result.id == id; });
  return found == results.end() ? nullptr : &*found;
}

std::string evidence(const reports::ReportedResult& reported) {
  const auto& result = reported.result;
  std::string text = fmt::format("{}: {}\nexpected: {}\nactual: {}\n", result.title,
                                 to_string(result.verdict), result.expected, result.actual);
  if (result.rc) text += fmt::format("code: 0x{:x}\n", *result.rc);
  if (reported.explanation) text += "explanation: " + *reported.explanation + "\n";
  if (reported.advice) text += "advice: " + *reported.advice + "\n";
  return text;
}

std::vector<std::string> ids() {
  std::vector<std::string> ids{"session.open"};
  for (const auto& probe : probes::catalogue()) ids.push_back(to_string(probe.id));
  ids.emplace_back("session.close");
  return ids;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& id) {
  std::string name = id.param;
  std::ranges::replace_if(name, [](unsigned char letter) { return !std::isalnum(letter); }, '_');
  return name;
}

class Conformance : public ::testing::TestWithParam<std::string> {};

TEST_P(Conformance, Probe) {
  const auto* reported = find(GetParam());
  if (reported == nullptr) {
    const auto quick = words().back() == "--quick";
    ASSERT_TRUE(quick) << "the run ended before this probe";
    GTEST_SKIP() << "left out of a quick run";
  }
  const auto& result = reported->result;
  if (result.verdict == Verdict::unsupported) GTEST_SKIP() << result.actual;
  EXPECT_EQ(to_string(result.verdict), to_string(Verdict::pass)) << evidence(*reported);
}

INSTANTIATE_TEST_SUITE_P(Tpm, Conformance, ::testing::ValuesIn(ids()), test_name);

}  // namespace
}  // namespace tpmprobe::suites
