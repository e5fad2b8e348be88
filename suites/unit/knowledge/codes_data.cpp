// SPDX-License-Identifier: BSD-2-Clause
// A wrong fact in codes/ must end the build with one line that names the place.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tpmprobe::knowledge {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kKnowledge = fs::path(TPMPROBE_SOURCE_DIR) / "knowledge";

struct Build {
  int status = 0;
  std::string output;
};

/// A copy of the facts in which one can be made wrong.
class CodesData : public testing::Test {
 protected:
  CodesData() {
    std::string pattern = testing::TempDir() + "tpmprobe-codes-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    fs::copy(kKnowledge / "codes", folder_ / "codes");
    fs::copy(kKnowledge / "commands.json", folder_);
  }
  ~CodesData() override { fs::remove_all(folder_); }

  void replace(const std::string& old_text, const std::string& new_text,
               const std::string& name = "0x095-size.json") {
    const fs::path path = folder_ / "codes" / name;
    std::ifstream in(path);
    std::string text(std::istreambuf_iterator<char>(in), {});
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, std::string::npos) << old_text;
    std::ofstream(path) << text.replace(at, old_text.size(), new_text);
  }

  [[nodiscard]] Build build() const {
    const std::string command = "python3 -B '" + (kKnowledge / "generate/codes_data.py").string() +
                                "' '" + folder_.string() + "' '" + (folder_ / "out.cpp").string() +
                                "' 2>&1";
    Build result;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 256> part{};
    while (fgets(part.data(), part.size(), pipe) != nullptr) result.output += part.data();
    result.status = pclose(pipe);
    return result;
  }

  void expect_refused(const std::string& pointer, const std::string& what) const {
    const Build result = build();
    EXPECT_NE(result.status, 0);
    EXPECT_EQ(std::ranges::count(result.output, '\n'), 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr("0x095-size.json: " + pointer + ": "));
    EXPECT_THAT(result.output, HasSubstr(what));
  }

  fs::path folder_;
};

TEST_F(CodesData, BuildsFromTheFactsAsTheyAre) {
  EXPECT_EQ(build().status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "out.cpp"));
}

TEST_F(CodesData, RefusesAnUnknownKey) {
  replace("\"meaning\"", "\"meanings\": \"x\", \"meaning\"");
  expect_refused("/", "meanings");
}

TEST_F(CodesData, RefusesAMissingKey) {
  replace("\"fix\"", "\"fixes\"");
  expect_refused("/causes/0", "'fix' is missing");
}

TEST_F(CodesData, RefusesAKeyThatStandsTwice) {
  replace("\"meaning\"", "\"symbol\": \"x\", \"meaning\"");
  expect_refused("/", "symbol");
}

TEST_F(CodesData, RefusesAnUnknownClass) {
  replace("\"unsupported-algorithm\"", "\"bad-luck\"");
  expect_refused("/causes/0/class", "bad-luck");
}

TEST_F(CodesData, RefusesAnUnknownCommand) {
  replace("\"command\": \"Sign\"", "\"command\": \"Sing\"");
  expect_refused("/causes/0/when/command", "'Sing' is not a command");
}

TEST_F(CodesData, RefusesAFieldThatTheCommandDoesNotHave) {
  replace("\"parameter\": \"digest\"", "\"parameter\": \"nonce\"");
  expect_refused("/causes/0/when/parameter", "'nonce'");
}

TEST_F(CodesData, RefusesANumberOfAnotherFormat) {
  replace("\"0x095\"", "\"0x902\"");
  expect_refused("/number", "format1");
}

TEST_F(CodesData, RefusesANumberThatAnotherFileHas) {
  replace("\"0x095\"", "\"0x092\"");
  expect_refused("/number", "already in 0x092-scheme.json");
}

TEST_F(CodesData, RefusesASymbolThatAnotherFileHas) {
  replace("\"TPM_RC_SIZE\"", "\"TPM_RC_SCHEME\"");
  expect_refused("/symbol", "already in 0x092-scheme.json");
}

TEST_F(CodesData, RefusesAnEmptyText) {
  replace("\"structure is the wrong size\"", "\" \"");
  expect_refused("/clause", "not empty");
}

}  // namespace
}  // namespace tpmprobe::knowledge
