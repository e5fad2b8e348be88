// SPDX-License-Identifier: BSD-2-Clause
#include <fstream>
#include <set>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {
namespace {

// Every Debian has this account, with a shell that lets nobody in and a home that is not its own.
constexpr const char* kUser = "daemon";

/// The walk of somebody who is not root; where the tests are root's, of an account without rights.
class WalkOfAUser : public WalkInFolder {
 protected:
  void SetUp() override {
    WalkInFolder::SetUp();
    if (::getuid() != 0) return;
    account_ = ::getpwnam(kUser);
    if (account_ == nullptr) GTEST_SKIP() << "there is no account " << kUser;
    // The build folder may be where only root comes.
    program_ = folder_.path() / "tpmprobe";
    std::filesystem::copy_file(tpmprobe_path(), program_);
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
    for (const auto& own : {home(), temporary()}) {
      ASSERT_EQ(::chown(own.c_str(), account_->pw_uid, account_->pw_gid), 0);
    }
    as_user_ = {"setpriv",       "--reuid", kUser, "--regid", std::to_string(account_->pw_gid),
                "--clear-groups"};
  }

  [[nodiscard]] Words as_user(const Words& words) const {
    auto argv = as_user_;
    argv.insert(argv.end(), {program_, "ssh", "--emulated", "--format", "json"});
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
  }

  ProgramResult walk_as_user(const Words& words) {
    return run_program(as_user(words), environment());
  }

  /// Processes of the account, which sshd names anew; none that can be told if it is ours.
  [[nodiscard]] std::set<std::string> processes() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      struct stat facts{};
      const bool is_there = ::stat(entry.path().c_str(), &facts) == 0;
      if (is_there && account_ != nullptr && facts.st_uid == account_->pw_uid) {
        found.insert(entry.path());
      }
    }
    return found;
  }

  /// A file like /etc/shadow in which this account's password is locked.
  [[nodiscard]] std::string passwords_locked_for(const std::string& name) const {
    const std::string path = folder_.path() / "shadow";
    std::ofstream(path) << name << ":!:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n";
    return path;
  }

  const passwd* account_ = nullptr;
  std::string program_ = tpmprobe_path();
  Words as_user_;
};

TEST_F(WalkOfAUser, NeedsNoRoot) {
  const auto before = processes();
  const auto run = walk_as_user({"--only", "*.ecc256"});
  EXPECT_EQ(run.status.code, 0) << run.errors << run.output;
  const auto report = validated_report(run.output);
  for (const auto* id : {"direct.ecc256.login", "pkcs11.ecc256.login", "pkcs11.ecc256.agent",
                         "import.ecc256.login", "import.ecc256.agent", "pkcs11.ecc256.wrong-pin"}) {
    EXPECT_EQ(verdict_of(report, id), "pass") << id;
  }
  EXPECT_THAT(left_over(), ::testing::IsEmpty());
  EXPECT_THAT(processes(), ::testing::IsSubsetOf(before));
}

TEST_F(WalkOfAUser, ProvisionsFapiWithoutRoot) {
  const auto run = walk_as_user({"--fapi"});
  EXPECT_EQ(run.status.code, 0) << run.errors << run.output;
  EXPECT_EQ(verdict_of(parse_report(run.output), "fapi.P_ECCP256SHA256.sign"), "pass");
  EXPECT_THAT(left_over(), ::testing::IsEmpty());
}

TEST_F(WalkOfAUser, WhosePasswordIsLockedIsToldSo) {
  const auto argv =
      with_mounted(passwords_locked_for(kUser), "/etc/shadow", as_user({"--only", "*.ecc256"}));
  if (!argv) GTEST_SKIP() << "nothing can be mounted here";
  const auto run = run_program(*argv, environment());
  EXPECT_EQ(run.status.code, 1) << run.errors << run.output;
  const auto report = parse_report(run.output);
  EXPECT_EQ(verdict_of(report, "ssh.server"), "blocked");
  EXPECT_THAT(
      result_of(report, "ssh.server").at("actual").get<std::string>(),
      ::testing::HasSubstr("is locked, and sshd without PAM does not let such an account in"));
}

TEST_F(WalkOfAUser, AsRootWithoutAPasswordLogsIn) {
  const auto argv = with_mounted(passwords_locked_for("root"), "/etc/shadow",
                                 tpmprobe({"ssh", "--emulated", "--format", "json", "--only",
                                           "direct.ecc256", "--only", "pkcs11.ecc256"}));
  if (!argv) GTEST_SKIP() << "nothing can be mounted here";
  const auto run = run_program(*argv, environment());
  EXPECT_EQ(run.status.code, 0) << run.errors << run.output;
  const auto report = parse_report(run.output);
  for (const auto* id : {"direct.ecc256.login", "pkcs11.ecc256.login", "pkcs11.ecc256.agent"}) {
    EXPECT_EQ(verdict_of(report, id), "pass") << id;
  }
  EXPECT_THAT(left_over(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace tpmprobe::suites
