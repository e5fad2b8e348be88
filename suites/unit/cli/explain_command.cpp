// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"

namespace tpmprobe::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// A run of `tpmprobe explain` on string streams.
struct Outcome {
  int exit_code = -1;
  std::string out, err;
};

Outcome explain(const std::vector<std::string>& arguments, const std::string& input = {},
                bool in_is_terminal = false) {
  std::istringstream in(input);
  std::ostringstream out, err;
  Console console{in, out, err, in_is_terminal, false, {}, {}};
  const int exit_code = run_explain(arguments, console);
  return {exit_code, out.str(), err.str()};
}

bool is_one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == text.size() - 1;
}

TEST(ExplainCommand, ExplainsACodeOfACommand) {
  const Outcome run = explain({"0x1d5", "--command", "sign"});
  EXPECT_EQ(run.exit_code, kExitOk);
  EXPECT_THAT(run.out, StartsWith("TPM2_Sign refused parameter 1 (digest): structure is the wrong "
                                  "size (TPM_RC_SIZE, 0x1d5).\n"));
  EXPECT_EQ(run.err, "");
}

TEST(ExplainCommand, TakesWordsUnquotedAsTheShellSplitsThem) {
  const Outcome run = explain({"ERROR:", "Esys_Sign(0x1D5)", "-", "tpm:parameter(1):structure",
                               "is", "the", "wrong", "size"});
  EXPECT_EQ(run.exit_code, kExitOk);
  EXPECT_THAT(run.out, StartsWith("TPM2_Sign refused parameter 1 (digest)"));
}

TEST(ExplainCommand, TakesTheNameOfACommandBesideACode) {
  EXPECT_THAT(explain({"TPM2_Load", "902"}).out, StartsWith("TPM2_Load could not run now"));
}

TEST(ExplainCommand, ExplainsSeveralCodes) {
  const Outcome run = explain({"0x921", "TPM_RC_RETRY"});
  EXPECT_THAT(run.out, HasSubstr("TPM_RC_LOCKOUT, 0x921"));
  EXPECT_THAT(run.out, HasSubstr("TPM_RC_RETRY, 0x922"));
}

TEST(ExplainCommand, SaysHowItReadDigits) {
  EXPECT_THAT(explain({"902"}).out, HasSubstr("902 is read as hexadecimal"));
  EXPECT_THAT(explain({"469"}).out, HasSubstr("469 is read as decimal, 0x1d5"));
}

TEST(ExplainCommand, ReadsALogFromStandardInput) {
  const Outcome run = explain({"-", "--format", "json"},
                              "nothing\r\nEsys_TR_Close(0x70018)\r\nERROR: Eys_Load(0x902)");
  EXPECT_EQ(run.exit_code, kExitOk);
  const json report = json::parse(run.out);
  ASSERT_EQ(report["explanations"].size(), 2U);
  EXPECT_EQ(report["primary"], 1);
  EXPECT_EQ(report["explanations"][1]["line"], 3);
  EXPECT_EQ(report["explanations"][1]["command"], "TPM2_Load");
  EXPECT_EQ(report["explanations"][0]["severity"], "follow-up");
}

TEST(ExplainCommand, ReadsAPastedLogFromOneArgument) {
  const json report = json::parse(explain({"x\nErrorCode (0x921)", "--format=json"}).out);
  EXPECT_EQ(report["explanations"][0]["line"], 2);
}

TEST(ExplainCommand, CutsLinesThatAreNoLines) {
  EXPECT_EQ(explain({"-"}, std::string(1 << 20, 'x') + " 0x902\n0x921\n").exit_code, kExitOk);
  EXPECT_EQ(explain({"-"}, std::string(1 << 20, 'x') + " 0x902\n").exit_code, kExitFindings);
}

TEST(ExplainCommand, WritesTheJsonThatIsPromised) {
  const json report = json::parse(explain({"0x1d5", "--command=Sign", "--format=json"}).out);
  EXPECT_EQ(report["schema_version"], "1.0");
  const json& first = report["explanations"][0];
  EXPECT_EQ(first["code"], "0x1d5");
  EXPECT_EQ(first["symbol"], "TPM_RC_SIZE");
  EXPECT_EQ(first["layer"], "tpm");
  EXPECT_EQ(first["where"], json({{"kind", "parameter"}, {"index", 1}, {"name", "digest"}}));
  EXPECT_EQ(first["causes"][0]["class"], "unsupported-algorithm");
}

TEST(ExplainCommand, WritesThePrimaryLast) {
  const std::string out = explain({"0x1d5", "--format=json"}).out;
  EXPECT_GT(out.find("\"primary\""), out.rfind("\"last_line\""));
}

TEST(ExplainCommand, WritesFilesByTheirSuffix) {
  std::string folder = testing::TempDir() + "tpmprobe-explain-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const Outcome run = explain({"0x1d5", "-o", folder + "/a.json", "-o", folder + "/b.txt"});
  EXPECT_EQ(run.exit_code, kExitOk);
  EXPECT_EQ(run.out, "");
  std::ifstream as_json(folder + "/a.json"), as_text(folder + "/b.txt");
  EXPECT_EQ(json::parse(as_json)["primary"], 0);
  EXPECT_THAT(std::string(std::istreambuf_iterator<char>(as_text), {}), StartsWith("The TPM"));
  fs::remove_all(folder);
}

TEST(ExplainCommand, ExitsWith1OnAnUnknownCode) {
  for (const char* code : {"0x1c6", "0xffffff", "0x540", "0xdeadbeef"}) {
    const Outcome run = explain({code});
    EXPECT_EQ(run.exit_code, kExitFindings) << code;
    EXPECT_THAT(run.out, HasSubstr("The bits say")) << code;
  }
}

TEST(ExplainCommand, ExitsWith1InOneLineIfThereIsNoCode) {
  for (const char* text : {"hello", "", "tpm:success", "(null)", "\xff\xfe"}) {
    const Outcome run = explain({text});
    EXPECT_EQ(run.exit_code, kExitFindings) << text;
    EXPECT_EQ(run.out, "") << text;
    EXPECT_TRUE(is_one_line(run.err)) << run.err;
  }
  EXPECT_EQ(explain({"-"}, "").exit_code, kExitFindings);
}

TEST(ExplainCommand, WritesEmptyJsonIfThereIsNoCode) {
  const Outcome run = explain({"hello", "--format=json"});
  EXPECT_EQ(run.exit_code, kExitFindings);
  EXPECT_THAT(json::parse(run.out)["explanations"], IsEmpty());
  EXPECT_TRUE(json::parse(run.out)["primary"].is_null());
}

TEST(ExplainCommand, ReadsStandardInputIfNothingIsAskedAndItIsNoTerminal) {
  EXPECT_EQ(explain({}, "ERROR: Esys_Sign(0x1D5)\n").out,
            explain({"-"}, "ERROR: Esys_Sign(0x1D5)\n").out);
}

TEST(ExplainCommand, ReadsLinesOfAnyLengthAsTheyComeInPieces) {
  const std::string filler(300000, 'x');
  const auto run = explain({"-", "--format=json"}, filler + "\n" + filler + " 0x922\nESYS 0x1d5");
  const auto found = json::parse(run.out)["explanations"];
  ASSERT_EQ(found.size(), 1U) << "what stands behind the 65536th octet is not looked at";
  EXPECT_EQ(found[0]["first_line"], 3);
}

TEST(ExplainCommand, ShowsBitsIfAsked) {
  EXPECT_THAT(explain({"-v", "0x1d5"}).out, HasSubstr("11-8     0001      parameter 1"));
}

TEST(ExplainCommand, ShowsItsUsageIfNothingIsAskedAtATerminal) {
  const Outcome run = explain({}, {}, true);
  EXPECT_EQ(run.exit_code, kExitUsage);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("Usage: tpmprobe explain"));
}

TEST(ExplainCommand, RefusesWrongUsageInOneLine) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--nonsense", "0x1d5"},
        {"0x1d5", "--command", "Frobnicate"},
        {"0x1d5", "--format", "xml"},
        {"0x1d5", "--format"},
        {"0x1d5", "-o", "x.pdf"},
        {"0x1d5", "-o", "/nonexistent/folder/a.json"}}) {
    const Outcome run = explain(arguments);
    EXPECT_EQ(run.exit_code, kExitUsage) << arguments[1];
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(is_one_line(run.err)) << run.err;
    EXPECT_THAT(run.err, StartsWith("tpmprobe explain: "));
  }
}

TEST(ExplainCommand, HasHelp) {
  const Outcome run = explain({"--help"});
  EXPECT_EQ(run.exit_code, kExitOk);
  EXPECT_THAT(run.out, HasSubstr("--command"));
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace tpmprobe::cli
