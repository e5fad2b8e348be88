// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "cli/terminal/text_file.h"

namespace tpmprobe::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of the test's own.
class OutputFiles : public testing::Test {
 protected:
  OutputFiles() {
    std::string pattern = testing::TempDir() + "tpmprobe-output-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~OutputFiles() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

  [[nodiscard]] static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  [[nodiscard]] std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(folder_), {});
  }

  fs::path folder_;
  std::istringstream in_;
  std::ostringstream out_, err_;
  Console console_{in_, out_, err_, false, false, {80, true, true, false}, {}};
};

const std::vector<Form> kForms{{"text", ".txt"}, {"json", ".json"}};
constexpr std::size_t kText = 0, kJson = 1;

void render(std::size_t form, const text::TextStyle& style, std::ostream& out) {
  out << kForms.at(form).word << style.width << style.colour;
}

OutputExpected<std::vector<Output>> chosen(const std::vector<std::string>& paths,
                                           const std::string& format) {
  return read_outputs({paths, format}, kForms).map([](const auto& choice) {
    return choice.outputs;
  });
}

TEST(ReadOutputs, TakesTheFormatFromTheSuffix) {
  const auto outputs = chosen({"a.json", "b.txt", "-"}, "");
  ASSERT_TRUE(outputs);
  EXPECT_EQ(*outputs, (std::vector<Output>{{"a.json", kJson}, {"b.txt", kText}, {"-", kText}}));
}

TEST(ReadOutputs, TakesTheFormatOfTheOptionWhereNoSuffixTellsIt) {
  const auto outputs = chosen({"-", "report", "b.txt"}, "json");
  ASSERT_TRUE(outputs);
  EXPECT_EQ(*outputs, (std::vector<Output>{{"-", kJson}, {"report", kJson}, {"b.txt", kText}}));
}

TEST(ReadOutputs, MeansStandardOutputIfNoFileIsGiven) {
  EXPECT_EQ(chosen({}, ""), (std::vector<Output>{{"-", kText}}));
  EXPECT_EQ(chosen({}, "json"), (std::vector<Output>{{"-", kJson}}));
}

TEST(ReadOutputs, RefusesAFileOfUnknownFormat) {
  const auto outputs = chosen({"report.html"}, "");
  ASSERT_FALSE(outputs);
  EXPECT_THAT(outputs.error(), HasSubstr("cannot tell the format of report.html"));
}

TEST(ReadOutputs, RefusesAFormatThatTheCommandDoesNotHaveAndNamesThoseItHas) {
  const auto refused =
      read_outputs({{}, "yaml"}, {{"text", ".txt"}, {"json", ".json"}, {"html", ".html"}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("\"yaml\""));
  EXPECT_THAT(refused.error(), HasSubstr("text, json or html"));
  EXPECT_FALSE(chosen({"report.html"}, "html"));
}

TEST(ReadOutputs, RefusesTheSameFileTwiceAndNoName) {
  EXPECT_FALSE(chosen({"a.json", "a.json"}, ""));
  EXPECT_FALSE(chosen({""}, "json"));
}

TEST_F(OutputFiles, AreWrittenEachInItsFormat) {
  const std::vector<Output> outputs{{path("a.json"), kJson}, {path("b.txt"), kText}, {"-", kText}};
  ASSERT_TRUE(check_writable(outputs));
  EXPECT_EQ(entries(), 0);
  ASSERT_TRUE(write_outputs(outputs, render, console_));
  EXPECT_EQ(content(path("a.json")), "json1000");
  EXPECT_EQ(content(path("b.txt")), "text1000");
  EXPECT_EQ(out_.str(), "text801");
  EXPECT_EQ(entries(), 2);
}

TEST_F(OutputFiles, ReplaceAFileAndKeepItsPermissions) {
  std::ofstream(path("a.txt")) << "old and longer than the new one";
  fs::permissions(path("a.txt"), fs::perms(0640));
  ASSERT_FALSE(write_atomically(path("a.txt"), "new"));
  EXPECT_EQ(content(path("a.txt")), "new");
  EXPECT_EQ(fs::status(path("a.txt")).permissions(), fs::perms(0640));
}

TEST_F(OutputFiles, SayWhyTheyCannotBeWritten) {
  const auto missing = check_writable({{path("x/y.json"), kJson}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error(), "cannot write " + path("x/y.json") + ": No such file or directory");
}

TEST_F(OutputFiles, NeverReplaceADirectory) {
  fs::create_directory(path("d.json"));
  EXPECT_EQ(why_not_writable(path("d.json")), "Is a directory");
  EXPECT_EQ(why_not_writable(path("e.json/")), "Is a directory");
  EXPECT_EQ(write_atomically(path("d.json"), "x"), "Is a directory");
  EXPECT_TRUE(fs::is_directory(path("d.json")));
}

TEST_F(OutputFiles, NeverFollowASymbolicLink) {
  std::ofstream(path("victim")) << "precious";
  fs::create_symlink(path("victim"), path("l.json"));
  EXPECT_EQ(write_atomically(path("l.json"), "x"), "it is a symbolic link");
  EXPECT_EQ(content(path("victim")), "precious");
  EXPECT_TRUE(fs::is_symlink(path("l.json")));
}

TEST_F(OutputFiles, NeverReplaceADevice) {
  EXPECT_EQ(why_not_writable("/dev/null"), "it is not a regular file");
  ASSERT_EQ(mkfifo(path("pipe.json").c_str(), 0600), 0);
  EXPECT_EQ(write_atomically(path("pipe.json"), "x"), "it is not a regular file");
}

TEST_F(OutputFiles, AreAllTriedAndTheFirstFailureIsTold) {
  const std::vector<Output> outputs{
      {path("no/a.json"), kJson}, {path("no/b.json"), kJson}, {path("c.json"), kJson}};
  const auto written = write_outputs(outputs, render, console_);
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error(), HasSubstr("no/a.json"));
  EXPECT_EQ(content(path("c.json")), "json1000");
}

TEST_F(OutputFiles, TellThatStandardOutputFailed) {
  std::ofstream full("/dev/full");
  Console console{in_, full, err_, false, false, {}, {}};
  const auto written = write_outputs({{"-", kText}}, render, console);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), "cannot write standard output: No space left on device");
}

TEST_F(OutputFiles, AreFoundInTheCurrentFolder) {
  const auto before = fs::current_path();
  fs::current_path(folder_);
  EXPECT_FALSE(write_atomically("here.txt", "x"));
  fs::current_path(before);
  EXPECT_EQ(content(path("here.txt")), "x");
}

}  // namespace
}  // namespace tpmprobe::cli
