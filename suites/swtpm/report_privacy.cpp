// SPDX-License-Identifier: BSD-2-Clause
// Reports are made to be pasted: nothing in them names a person or a machine.
#include <filesystem>

#include <sched.h>
#include <unistd.h>

#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kHost = "secrethost";

/// A user whose home is called like the user, with the TPM's socket in it.
class PrivateReport : public ReportOnSwtpm {
 protected:
  void SetUp() override {
    ReportOnSwtpm::SetUp();
    auto directory = tpm::PrivateDirectory::create();
    ASSERT_TRUE(directory);
    directory_ = std::make_unique<tpm::PrivateDirectory>(std::move(*directory));
    home_ = directory_->path() / "home" / "secretname";
    std::filesystem::create_directories(home_);
    std::filesystem::create_symlink(relay_->socket_path(), home_ / "tpm");
    // Every test of ours runs in a process of its own, so nobody else sees this name.
    named_ = ::unshare(CLONE_NEWUTS) == 0 && ::sethostname(kHost.data(), kHost.size()) == 0;
  }

  // Both forms, and what was said beside them.
  std::string everything(const std::string& tcti) {
    const std::string json = home_ / "report.json";
    const std::string text = home_ / "report.txt";
    const auto run =
        run_tpmprobe({"report", "--tcti", tcti, "-o", json, "-o", text, "--only", "*p256*"},
                     {{"HOME", home_.string()}, {"USER", "secretname"}, {"LOGNAME", "secretname"}});
    said_ = run.output + run.errors;
    EXPECT_THAT(content_of(json), Not(::testing::IsEmpty())) << said_;
    return content_of(json) + content_of(text);
  }

  std::unique_ptr<tpm::PrivateDirectory> directory_;
  std::filesystem::path home_;
  bool named_ = false;
  std::string said_;
};

TEST_F(PrivateReport, NamesNeitherHomeNorUser) {
  const std::string all = everything("swtpm:path=" + (home_ / "tpm").string());
  EXPECT_THAT(all, Not(HasSubstr("secretname")));
  EXPECT_THAT(all, HasSubstr("~/tpm")) << "the words are there, without the home";
}

TEST_F(PrivateReport, NamesNoHost) {
  if (!named_) GTEST_SKIP() << "only root can give this machine a name";
  EXPECT_THAT(everything("swtpm:path=" + (home_ / "tpm").string()), Not(HasSubstr(kHost)));
}

TEST_F(PrivateReport, NamesNoFileWhereTheTpmIsLost) {
  relay_->hold_at(10);
  const std::string json = home_ / "report.json";
  RunningProgram program(
      tpmprobe({"report", "--tcti", "swtpm:path=" + (home_ / "tpm").string(), "-o", json}),
      {{"HOME", home_.string()}});
  ASSERT_TRUE(relay_->wait_until_held(program));
  std::filesystem::remove(home_ / "tpm");
  relay_->release();
  program.wait();
  EXPECT_THAT(content_of(json), AllOf(Not(::testing::IsEmpty()), Not(HasSubstr("secretname"))));
}

}  // namespace
}  // namespace tpmprobe::suites
