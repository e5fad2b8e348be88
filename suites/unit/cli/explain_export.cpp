// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explain/explain_export.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "tpm/posix/private_directory.h"

namespace tpmprobe::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ExplainExport : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name) const { return folder_.path() / name; }
  static void put(const fs::path& file) { std::ofstream(file) << "mine"; }

  tpm::PrivateDirectory folder_ = std::move(*tpm::PrivateDirectory::create());
};

TEST_F(ExplainExport, WritesEveryFileIntoANewFolder) {
  const auto files = export_pages(path("a/b"), "");
  ASSERT_TRUE(files) << files.error().text;
  std::size_t there = 0;
  for (const auto& entry : fs::directory_iterator(path("a/b"))) {
    there += entry.path().filename() == ".tpmprobe-pages" ? 0 : 1;
  }
  EXPECT_EQ(there, *files);
  EXPECT_TRUE(fs::exists(path("a/b/index.html")));
}

TEST_F(ExplainExport, WritesOverAnEarlierExportAndOverNothingElse) {
  ASSERT_TRUE(export_pages(path("site"), ""));
  put(path("site/index.html"));
  ASSERT_TRUE(export_pages(path("site"), ""));
  EXPECT_GT(fs::file_size(path("site/index.html")), 1000U);

  fs::create_directory(path("other"));
  put(path("other/letter.txt"));
  const auto refused = export_pages(path("other"), "");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_usage);
  EXPECT_THAT(refused.error().text, HasSubstr("not from an earlier export"));
  EXPECT_FALSE(fs::exists(path("other/index.html")));
}

TEST_F(ExplainExport, RefusesAFile) {
  put(path("file"));
  const auto refused = export_pages(path("file"), "");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is_usage);
}

TEST_F(ExplainExport, SaysWhichFileCannotBeWritten) {
  ASSERT_TRUE(export_pages(path("site"), ""));
  fs::remove(path("site/index.html"));
  fs::create_directory(path("site/index.html"));
  const auto failed = export_pages(path("site"), "");
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().is_usage);
  EXPECT_THAT(failed.error().text, HasSubstr("index.html: "));
}

}  // namespace
}  // namespace tpmprobe::cli
