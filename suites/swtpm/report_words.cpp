// SPDX-License-Identifier: BSD-2-Clause
// What the program says to words that it cannot follow, and what a TPM sees of it: nothing.
#include <filesystem>
#include <fstream>

#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const Words kOne{"--only", "identity"};

/// Words, and how they are refused.
struct Refused {
  Words words;
  int code;
  std::string says;
};

void expect_refused(const Refused& expected) {
  const auto run = run_tpmprobe(expected.words);
  const auto words = ::testing::PrintToString(expected.words);
  EXPECT_EQ(run.status.code, expected.code) << words;
  EXPECT_THAT(run.output, IsEmpty()) << words;
  const auto lines = lines_of(run.errors);
  ASSERT_THAT(lines, Not(IsEmpty())) << words;
  EXPECT_THAT(lines.front(), AllOf(StartsWith("tpmprobe"), HasSubstr(expected.says))) << words;
  // Where no TPM is found there is something to be done about it.
  for (std::size_t line = 1; line < lines.size(); ++line) {
    EXPECT_EQ(expected.code, 3) << words << run.errors;
    EXPECT_THAT(lines[line], StartsWith("hint: "));
  }
}

TEST(ReportWords, ThatMakeNoSenseGetOneLineAndExitCode2) {
  for (const Refused& refused : {
           Refused{{"report", "--tcti", "nonsense"}, 2, "nonsense"},
           Refused{{"report", "--tcti", ""}, 2, "--tcti"},
           Refused{{"report", "--tcti="}, 2, "--tcti"},
           Refused{{"report", "--tcti", ":"}, 2, "\":\""},
           Refused{{"report", "--tcti", "swtpm:foo=bar"}, 2, "swtpm:foo=bar"},
           Refused{{"report", "--emulated", "--only", "no.such"}, 2, "\"no.such\""},
           Refused{{"report", "--emulated", "--format", "xml"}, 2, "\"xml\""},
           Refused{{"report", "--emulated", "--frobnicate"}, 2, "--frobnicate"},
           Refused{{"report", "--emulated", "-o", "/nonexistent/x.json"}, 2, "/nonexistent/x.json"},
           Refused{{"report", "--emulated", "-o", "x.pdf"}, 2, "x.pdf"},
           Refused{{"reporrt"}, 2, "did you mean \"report\"?"},
       }) {
    expect_refused(refused);
  }
}

TEST(ReportWords, ThatLeadToNoTpmGetALineAHintAndExitCode3) {
  expect_refused({{"report", "--tcti", "device:/nonexistent"}, 3, "/nonexistent"});
  expect_refused({{"report", "--tcti", "swtpm:path=/nonexistent"}, 3, "/nonexistent"});
  expect_refused({{"report", "--tcti", "device:/dev/null"}, 3, "/dev/null"});
}

TEST(ReportWords, WithoutAnyTpmSayWhatToDo) {
  if (std::filesystem::exists("/dev/tpmrm0")) GTEST_SKIP() << "this machine has a TPM";
  const auto run = run_program(
      {"env", "-i", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent", tpmprobe_path(), "report"});
  EXPECT_EQ(run.status.code, 3);
  EXPECT_THAT(run.output, IsEmpty());
  EXPECT_THAT(run.errors, StartsWith("tpmprobe report: no TPM found: "));
  EXPECT_THAT(run.errors, HasSubstr("hint: `--emulated`"));
}

TEST(ReportWords, MissingAltogetherShowTheOverview) {
  const auto run = run_tpmprobe({});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_THAT(run.output, IsEmpty());
  EXPECT_THAT(run.errors, HasSubstr("tpmprobe report"));
}

TEST(ReportWords, VersionIsOneLine) {
  const auto run = run_tpmprobe({"--version"});
  EXPECT_EQ(run.status.code, 0);
  EXPECT_THAT(lines_of(run.output), SizeIs(1));
}

class UnaskedTpm : public ReportOnSwtpm {
 protected:
  int code_of(Words words) {
    words.insert(words.begin(), {"report", "--tcti", relay_->tcti()});
    return run_tpmprobe(words).status.code;
  }
};

TEST_F(UnaskedTpm, IsLeftInPeaceIfTheReportCouldNotBeWritten) {
  EXPECT_EQ(code_of({"-o", "/nonexistent/x.json"}), 2);
  EXPECT_EQ(code_of({"-o", "/"}), 2);
  EXPECT_EQ(code_of({"-o", "report.pdf"}), 2);
  EXPECT_EQ(relay_->count(), 0U);
}

TEST_F(UnaskedTpm, IsLeftInPeaceByWrongWords) {
  EXPECT_EQ(code_of({"--only", "no.such"}), 2);
  EXPECT_EQ(code_of({"--skip", "no.such"}), 2);
  EXPECT_EQ(code_of({"--format", "xml"}), 2);
  EXPECT_EQ(relay_->count(), 0U);
}

TEST_F(UnaskedTpm, IsLeftInPeaceByAListAndByADryRun) {
  EXPECT_EQ(code_of({"--list"}), 0);
  EXPECT_EQ(code_of({"--dry-run"}), 0);
  EXPECT_EQ(relay_->count(), 0U);
}

class ReportOutputs : public ::testing::Test {
 protected:
  // The shell does to standard output what no option of ours can.
  static ProgramResult run_redirected(const std::string& words, const std::string& redirection) {
    return run_program({"sh", "-c", "exec \"$0\" " + words + " " + redirection, tpmprobe_path()});
  }
};

TEST_F(ReportOutputs, ThatCannotBeWrittenAreSaid) {
  for (const char* words : {"report --emulated --only identity", "report --list", "--version",
                            "explain 0x1d5", "schema"}) {
    for (const char* redirection : {">&-", ">/dev/full"}) {
      const auto run = run_redirected(words, redirection);
      EXPECT_THAT(run.status.code, ::testing::AnyOf(2, 70)) << words << redirection;
      EXPECT_THAT(lines_of(run.errors), SizeIs(1)) << words << redirection;
      EXPECT_THAT(run.errors, HasSubstr("cannot write standard output: ")) << words << redirection;
    }
  }
}

TEST_F(ReportOutputs, ToAFileNeedNoStandardOutput) {
  const auto directory = tpm::PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const std::string path = directory->path() / "report.json";
  const auto run = run_redirected("report --emulated --only identity -o " + path, ">&- <&-");
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(troubles_of(parse_report(content_of(path))), IsEmpty());
}

TEST_F(ReportOutputs, ToAReaderThatWentAwayAreNoCrash) {
  const auto run = run_program(
      {"bash", "-c", "\"$0\" report --emulated --only 'capability*' | true; exit ${PIPESTATUS[0]}",
       tpmprobe_path()});
  EXPECT_THAT(run.status.code, ::testing::AnyOf(0, 2)) << run.errors;
}

TEST_F(ReportOutputs, AreAllWrittenFromOneRun) {
  const auto directory = tpm::PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const std::string json = directory->path() / "a.json";
  const std::string text = directory->path() / "b.txt";
  const auto run = run_tpmprobe(
      {"report", "--emulated", "--only", "identity", "-o", json, "-o", text, "-o", "-"});
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(troubles_of(validated_report(content_of(json))), IsEmpty());
  EXPECT_THAT(content_of(text), Not(IsEmpty()));
  EXPECT_EQ(lines_of(content_of(text)).front(), lines_of(run.output).front());
}

}  // namespace
}  // namespace tpmprobe::suites
