// SPDX-License-Identifier: BSD-2-Clause
// Walks on machines that lack a program, or have a slow one.
#include <cstdlib>
#include <fstream>

#include "suites/swtpm/walk_support.h"
#include "tpm/posix/process.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;

/// A machine on which a program of the way to a login is not installed.
class WalkWithoutAProgram : public WalkInFolder {
 protected:
  /// A $PATH with every program of this machine's but one.
  [[nodiscard]] std::string path_without(const std::string& lacking) const {
    const auto folder = home() / "bin";
    std::filesystem::create_directory(folder);
    for (const auto& entry : std::filesystem::directory_iterator("/usr/bin")) {
      const auto name = entry.path().filename();
      if (name != lacking) std::filesystem::create_symlink(entry.path(), folder / name);
    }
    return folder;
  }
};

TEST_F(WalkWithoutAProgram, ThatMakesTokensTheOtherWayIsWalked) {
  const auto run =
      walk({"--emulated", "--only", "*.ecc256"}, {{"PATH", path_without("tpm2_ptool")}});
  EXPECT_EQ(run.status.code, 1) << run.errors << run.output;
  const auto report = validated_report(run.output);
  EXPECT_EQ(verdict_of(report, "direct.ecc256.login"), "pass");
  for (const auto* id : {"pkcs11.ecc256.token", "import.ecc256.token"}) {
    EXPECT_EQ(verdict_of(report, id), "blocked") << id;
    EXPECT_EQ(result_of(report, id).at("actual"),
              "tpm2_ptool is not installed (package libtpm2-pkcs11-tools)");
  }
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.addkey"), "none");
}

TEST_F(WalkWithoutAProgram, ThatLetsUsersInThereIsNoWay) {
  // It is looked for in the sbin folders whatever $PATH says: only a name space of mounts hides it.
  const auto sshd = tpm::find_program("sshd");
  ASSERT_TRUE(sshd);
  const auto argv =
      with_mounted("/dev/null", *sshd,
                   tpmprobe({"ssh", "--emulated", "--format", "json", "--only", "*.ecc256"}));
  if (!argv) GTEST_SKIP() << "nothing can be mounted here";
  const auto run = run_program(*argv, environment());
  EXPECT_EQ(run.status.code, 1) << run.errors << run.output;
  const auto report = validated_report(run.output);
  EXPECT_EQ(verdict_of(report, "ssh.server"), "blocked");
  EXPECT_EQ(result_of(report, "ssh.server").at("actual"),
            "sshd is not installed (package openssh-server)");
  EXPECT_EQ(report.at("results").size(), 1u);
  EXPECT_THAT(left_over(), ::testing::IsEmpty());
}

/// Programs that are slow just where it matters.
class WalkWithASlowProgram : public WalkInFolder {
 protected:
  /// A $PATH in which this program binds its socket, takes its time, and only then listens there.
  /// The socket is the first path among its words that has `before` in front.
  [[nodiscard]] std::string path_with_slow(const std::string& program, const std::string& before) {
    const auto folder = folder_.path() / "slow";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / program)
        << "#!/bin/sh\nbefore=" << before << "\nfor word; do\n"
        << "  case $word in \"$before\"/*) : \"${socket:=${word#\"$before\"}}\" ;; esac\ndone\n"
        << "python3 -c 'import socket, sys, time\n"
        << "socket.socket(socket.AF_UNIX).bind(sys.argv[1])\ntime.sleep(0.5)' \"$socket\"\n"
        << "rm \"$socket\"\nexec " << tpm::find_program(program).value_or("false") << " \"$@\"\n";
    std::filesystem::permissions(folder / program, std::filesystem::perms::owner_all);
    const auto* const path = std::getenv("PATH");
    return folder.string() + ":" + (path != nullptr ? path : "/usr/bin:/bin");
  }
};

TEST_F(WalkWithASlowProgram, WaitsUntilTheBusListens) {
  const auto run = walk({"--emulated", "--only", "pkcs11.ecc256"},
                        {{"PATH", path_with_slow("dbus-daemon", "--address=unix:path=")}});
  const auto report = validated_report(run.output);
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.login"), "pass") << run.output;
}

TEST_F(WalkWithASlowProgram, WaitsUntilTheAgentListens) {
  const auto run =
      walk({"--emulated", "--only", "pkcs11.ecc256"}, {{"PATH", path_with_slow("ssh-agent", "")}});
  const auto report = validated_report(run.output);
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.agent"), "pass") << run.output;
}

}  // namespace
}  // namespace tpmprobe::suites
