// SPDX-License-Identifier: BSD-2-Clause
// The doctor as an unprivileged user, who has a home of his own and nothing else.
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include "suites/swtpm/doctor_support.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr uid_t kNobody = 65534;

class DoctorOfUser : public DoctorOnSwtpm {
 protected:
  void SetUp() override {
    DoctorOnSwtpm::SetUp();
    if (::geteuid() != 0) return;  // then this is the unprivileged user
    // The socket is root's, and its folder too.
    ::chmod(swtpm_->directory().c_str(), 0755);
    for (const auto& entry : std::filesystem::directory_iterator(swtpm_->directory())) {
      if (entry.is_socket()) ::chmod(entry.path().c_str(), 0666);
    }
    ASSERT_EQ(::chown(home_.path().c_str(), kNobody, kNobody), 0);
  }

  json as_user(const Words& words, int exit_code, const Environment& variables = {}) {
    Words argv;
    if (::geteuid() == 0) {
      const auto id = std::to_string(kNobody);
      argv = {"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"};
    }
    argv.push_back(tpmprobe_path());
    argv.insert(argv.end(), words.begin(), words.end());
    auto all = environment(variables);
    all.emplace_back("TMPDIR", home_.path().string());
    const auto run = run_program(argv, all);
    EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
    EXPECT_EQ(files_at_home(), 0u);
    return parse_doctor(run.output);
  }
};

TEST_F(DoctorOfUser, WithTheTpm) {
  const auto report = as_user({"doctor", "--tcti", swtpm_->tcti(), "--format", "json"}, 0);
  EXPECT_EQ(line_of(report, "tpm.answers").at("health"), "ok");
  EXPECT_EQ(report.at("summary").at("fail"), 0);
}

TEST_F(DoctorOfUser, WithoutTpm) {
  const auto report =
      as_user({"doctor", "--tcti", "swtpm:path=/nonexistent", "--format", "json"}, 3);
  EXPECT_EQ(first_of(report).at("id"), "tpm.answers");
}

TEST_F(DoctorOfUser, SaysWhatOnlyRootMaySee) {
  if (::access("/dev/kmsg", F_OK) != 0) GTEST_SKIP() << "this machine has no /dev/kmsg";
  const auto report = as_user({"doctor", "--emulated", "--format", "json"}, 0);
  const auto line = line_of(report, "kernel.messages");
  if (::geteuid() == 0) {
    EXPECT_EQ(line.at("health"), "unknown");
    EXPECT_THAT(line.at("evidence").get<std::string>(), HasSubstr("only root may read"));
  }
}

TEST_F(DoctorOfUser, WithTheConfigOfFapi) {
  const std::string config = "/etc/tpm2-tss/fapi-config.json";
  if (content_of(config).empty()) GTEST_SKIP() << "libtss2-fapi's configuration is not here";
  const auto report = as_user({"doctor", "--tcti", swtpm_->tcti(), "--format", "json"}, 1,
                              {{"TSS2_FAPICONF", config}});
  EXPECT_EQ(line_of(report, "fapi.config").at("health"), "ok");
  EXPECT_NE(line_of(report, "fapi.directories").at("health"), "none");
}

}  // namespace
}  // namespace tpmprobe::suites
