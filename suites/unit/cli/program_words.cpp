// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>

#include "cli/program.h"
#include "cli/target.h"

namespace tpmprobe::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What the program says to these words.
struct Said {
  int code = 0;
  std::string out, err;
};

Said say(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, false, false, {}, {}};
  const int code = run_words(words, console);
  return {code, out.str(), err.str()};
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Program, WithoutWordsShowsTheOverviewAndFails) {
  const Said said = say({});
  EXPECT_EQ(said.code, kExitUsage);
  EXPECT_THAT(said.err, HasSubstr("report"));
  EXPECT_THAT(said.out, IsEmpty());
}

TEST(Program, HelpAndVersionSucceed) {
  EXPECT_EQ(say({"--help"}).code, kExitOk);
  EXPECT_THAT(say({"--help"}).out, HasSubstr("explain"));
  EXPECT_THAT(say({"--version"}).out, testing::StartsWith("tpmprobe "));
  EXPECT_EQ(say({"report", "--help"}).code, kExitOk);
}

TEST(Program, SuggestsTheNearestCommand) {
  const Said said = say({"reporrt"});
  EXPECT_EQ(said.code, kExitUsage);
  EXPECT_THAT(said.err, HasSubstr("did you mean \"report\"?"));
  EXPECT_THAT(say({"zebra"}).err, Not(HasSubstr("did you mean")));
}

TEST(Program, RefusesBadWordsInOneLine) {
  for (const std::vector<std::string>& words : {
           std::vector<std::string>{"report", "--emulated", "--only", "no.such.probe"},
           {"report", "--emulated", "--skip", "no.such.probe"},
           {"report", "--emulated", "--format", "yaml"},
           {"report", "--emulated", "-o", "/nonexistent/folder/x.json"},
           {"report", "--emulated", "-o", "report.unknown"},
           {"report", "--emulated", "--tcti", "tabrmd"},
           {"report", "--no-such-option"},
           {"report", "--tcti", ""},
           {"report", "--color", "blue", "--emulated"},
       }) {
    const Said said = say(words);
    EXPECT_EQ(said.code, kExitUsage) << words.back();
    EXPECT_EQ(lines(said.err), 1U) << said.err;
    EXPECT_THAT(said.out, IsEmpty()) << words.back();
  }
}

TEST(Program, ListsProbesWithoutATpm) {
  const Said said = say({"report", "--list", "--only", "key.p*"});
  EXPECT_EQ(said.code, kExitOk);
  EXPECT_THAT(said.out, HasSubstr("key.p256"));
  EXPECT_THAT(said.out, Not(HasSubstr("key.rsa2048")));
}

TEST(Program, SaysBeforehandWhatItWouldSend) {
  const Said said = say({"report", "--dry-run", "--only", "sign.ecdaa-p256-sha256"});
  EXPECT_EQ(said.code, kExitOk);
  EXPECT_THAT(said.out, HasSubstr("Nothing was sent"));
  EXPECT_THAT(said.out, HasSubstr("TPM2_Commit"));
  EXPECT_THAT(said.out, Not(HasSubstr("TPM2_NV_")));
}

TEST(Program, PrintsItsSchema) {
  EXPECT_THAT(say({"schema"}).out, HasSubstr("schema_version"));
}

Surroundings empty() {
  return {[](const char*) { return std::nullopt; }, "/nonexistent/tpmrm0"};
}

TEST(TargetChoice, NamesTheWayOutWhereThereIsNoTpm) {
  const auto target = open_target({}, empty());
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().exit_code, kExitNoTpm);
  EXPECT_THAT(target.error().hint, HasSubstr("--emulated"));
}

TEST(TargetChoice, DoesNotFallThroughABrokenEnvironment) {
  const Surroundings broken{[](const char*) { return std::optional<std::string>("nonsense"); },
                            "/nonexistent/tpmrm0"};
  const auto target = open_target({}, broken);
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().exit_code, kExitNoTpm);
  EXPECT_THAT(target.error().message, HasSubstr("TPM2TOOLS_TCTI"));
}

TEST(TargetChoice, TellsNonsenseFromADoorThatIsClosed) {
  EXPECT_EQ(open_target({"nonsense", false}, empty()).error().exit_code, kExitUsage);
  EXPECT_EQ(open_target({"swtpm:colour=red", false}, empty()).error().exit_code, kExitUsage);
  EXPECT_EQ(open_target({"device:/nonexistent", false}, empty()).error().exit_code, kExitNoTpm);
  EXPECT_EQ(open_target({"swtpm:path=/nonexistent", false}, empty()).error().exit_code, kExitNoTpm);
}

TEST(TargetChoice, OpensTheEmbeddedTpmOnVirtualTime) {
  auto target = open_target({{}, true}, empty());
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_TRUE(target->emulated);
  EXPECT_EQ(target->name, "embedded");
}

}  // namespace
}  // namespace tpmprobe::cli
