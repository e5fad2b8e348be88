// SPDX-License-Identifier: BSD-2-Clause
// What the user says to `emulator`, and of what a TPM shall pretend.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "cli/arguments.h"
#include "cli/emulator/client_environment.h"
#include "cli/emulator/emulator_options.h"
#include "cli/report/report.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// What came of the words.
template <typename Options>
struct Read {
  tl::expected<Options, ExitCode> options;
  std::string errors;
};

template <typename Options>
Read<Options> read(tl::expected<Options, ExitCode> (*parse)(const std::vector<std::string>&,
                                                            Console&),
                   const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, false, false, {}, {}};
  auto options = parse(words, console);
  return {std::move(options), err.str()};
}

Read<EmulatorOptions> read_emulator(const std::vector<std::string>& words) {
  return read(parse_emulator_options, words);
}

TEST(EmulatorWords, GiveEverythingAfterTwoDashesToTheCommand) {
  const auto read = read_emulator({"--tcp", "2321", "--", "tpm2_getcap", "--tcp", "--"});
  ASSERT_TRUE(read.options) << read.errors;
  EXPECT_EQ(read.options->port, 2321);
  EXPECT_THAT(read.options->command, ElementsAre("tpm2_getcap", "--tcp", "--"));
}

TEST(EmulatorWords, ThatContradictEachOtherAreRefusedInOneLine) {
  for (const std::vector<std::string>& words : {
           std::vector<std::string>{"--pipe", "--", "true"},
           {"--"},
           {"--pipe", "--tcp", "2321"},
           {"--socket", "/tmp/x", "--tcp", "2321"},
           {"--tcp", "65535"},
           {"--backend", "swtpm", "--state", "/tmp/x"},
           {"--backend", "swtpm", "--tcti", "device"},
           {"--backend", "hardware"},
           {"--tcti", ""},
           {"--latency", "some"},
           {"--firmware", "no-such-firmware"},
           {"--quirk", "no-such-quirk"},
           {"tpm2_getcap"},
       }) {
    const auto read = read_emulator(words);
    ASSERT_FALSE(read.options) << words.front();
    EXPECT_EQ(read.options.error(), kExitUsage);
    EXPECT_EQ(std::ranges::count(read.errors, '\n'), 1) << read.errors;
  }
}

TEST(EmulatorWords, FindAQuirkByIdOrName) {
  const auto read = read_emulator({"--quirk", "q01", "--quirk", "p384-without-sha384"});
  ASSERT_TRUE(read.options) << read.errors;
  const auto emulation = describe(read.options->emulation);
  EXPECT_THAT(emulation.quirks, ElementsAre("Q01", "Q01"));
  EXPECT_FALSE(emulation.firmware);
}

TEST(EmulatorWords, ThatAreAlmostANameNameIt) {
  EXPECT_THAT(read_emulator({"--quirk", "p384-without-sha38"}).errors,
              HasSubstr("close: p384-without-sha384"));
}

TEST(EmulatorWords, NameFilePointerAndReasonOfAMalformedFile) {
  const auto folder = tpm::PrivateDirectory::create();
  ASSERT_TRUE(folder);
  const std::string file = folder->path() / "mine.json";
  std::ofstream(file) << R"({"id": 7})";
  const auto read = read_emulator({"--quirk", file});
  ASSERT_FALSE(read.options);
  EXPECT_EQ(read.options.error(), kExitUsage);
  EXPECT_THAT(read.errors, HasSubstr(file + ": "));
  EXPECT_EQ(std::ranges::count(read.errors, '\n'), 1);
  EXPECT_THAT(read_emulator({"--quirk", folder->path()}).errors, HasSubstr("Is a directory"));
  EXPECT_THAT(read_emulator({"--firmware", "/nonexistent/x"}).errors,
              HasSubstr("/nonexistent/x: No such file"));
}

TEST(ReportWords, LetOnlyTheEmbeddedTpmPretend) {
  const auto parse = [](const std::vector<std::string>& words) {
    return read(parse_report_options, words);
  };
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--quirk", "Q01"},
                                                {"--firmware", "amd-3.51.0.5"},
                                                {"--latency", "measured"},
                                                {"--tcti", "device", "--quirk", "Q01"}}) {
    const auto refused = parse(words);
    ASSERT_FALSE(refused.options);
    EXPECT_EQ(refused.options.error(), kExitUsage);
    EXPECT_THAT(refused.errors, HasSubstr("need --emulated"));
  }
  const auto taken = parse({"--emulated", "--quirk", "Q01"});
  ASSERT_TRUE(taken.options) << taken.errors;
  EXPECT_EQ(taken.options->target.pretend.quirks.size(), 1U);
}

TEST(NearWords, AreThoseThatContainTheWordOrAlmostAreIt) {
  const std::vector<std::string_view> all{"amd-3.51.0.5", "amd-6.24.0.6", "intel-303.12"};
  EXPECT_THAT(near_words("AMD-3", all, 4), ElementsAre("amd-3.51.0.5"));
  EXPECT_THAT(near_words("intel-303.21", all, 4), ElementsAre("intel-303.12"));
  EXPECT_THAT(near_words("amd", all, 1), ElementsAre("amd-3.51.0.5"));
  EXPECT_THAT(near_words("infineon", all, 4), IsEmpty());
  EXPECT_EQ(letters_between("kitten", "sitting"), 3U);
}

TEST(ExportLine, IsQuotedForAShell) {
  EXPECT_EQ(export_line({"A", "it's"}), "export A='it'\\''s'");
}

}  // namespace
}  // namespace tpmprobe::cli
