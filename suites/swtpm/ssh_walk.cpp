// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>

#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;

class SshWalk : public WalkInFolder {
 protected:
  json walk_to(int exit_code, const Words& choice) {
    const auto run = walk(choice);
    EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
    EXPECT_TRUE(left_over().empty()) << ::testing::PrintToString(left_over());
    return validated_report(run.output);
  }
};

std::string layer(const json& report, std::string_view id) {
  return result_of(report, id).value("layer", "");
}

std::string lines(const json& report, std::string_view id) {
  std::string all;
  for (const auto& line : result_of(report, id).value("lines", json::array())) {
    all += line.get<std::string>() + "\n";
  }
  return all;
}

std::string use(const json& report, std::string_view id) {
  for (const auto& one : report.at("uses")) {
    if (one.at("id") == id) return one.at("verdict");
  }
  return "none";
}

using ::testing::HasSubstr;

TEST_F(SshWalk, EverythingThatACleanTpmCanDoLogsIn) {
  const auto report = walk_to(0, {"--emulated"});
  for (const std::string key : {"ecc256", "ecc384", "rsa2048", "rsa3072"}) {
    EXPECT_EQ(verdict_of(report, "direct." + key + ".login"), "pass") << key;
    for (const auto* step :
         {".token", ".addkey", ".public-key", ".login", ".agent", ".wrong-pin"}) {
      EXPECT_EQ(verdict_of(report, "pkcs11." + key + step), "pass") << key << step;
    }
  }
  for (const std::string key :
       {"ecc256", "ecc256-openssh", "ecc384", "ecc384-openssh", "rsa2048", "rsa2048-openssh"}) {
    for (const auto* step : {".import", ".login", ".agent", ".wrong-pin"}) {
      EXPECT_EQ(verdict_of(report, "import." + key + step), "pass") << key << step;
    }
  }
  EXPECT_EQ(layer(report, "pkcs11.ecc521.addkey"), "tpm2_ptool");
  EXPECT_THAT(lines(report, "pkcs11.ecc521.addkey"), HasSubstr("no EC params mapping"));
  EXPECT_EQ(layer(report, "pkcs11.rsa4096.addkey"), "TPM");
  EXPECT_EQ(result_of(report, "pkcs11.rsa4096.addkey").at("rc"), "0x2c4");
  EXPECT_EQ(layer(report, "direct.rsa4096.key"), "TPM");
  EXPECT_EQ(layer(report, "pkcs11.ecc224.public-key"), "OpenSSH");
  EXPECT_EQ(layer(report, "pkcs11.ecc224.agent"), "OpenSSH");
  EXPECT_THAT(lines(report, "pkcs11.ecc224.agent"),
              HasSubstr("decode key: unknown or unsupported key type"));
  EXPECT_TRUE(report.at("findings").empty()) << report.at("findings");
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp256"), "usable");
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp521"), "limited");
  EXPECT_EQ(use(report, "ssh.rsa4096"), "not-usable");
}

TEST_F(SshWalk, WhereManyStumbleTheReasonIsKnown) {
  const auto report =
      walk_to(0, {"--emulated", "--only", "pkcs11.many-keys", "--only", "pkcs11.unmanaged"});
  EXPECT_EQ(verdict_of(report, "pkcs11.many-keys.login"), "unsupported");
  EXPECT_EQ(layer(report, "pkcs11.many-keys.login"), "OpenSSH");
  EXPECT_THAT(lines(report, "pkcs11.many-keys.login"),
              HasSubstr("Too many authentication failures"));
  EXPECT_THAT(result_of(report, "pkcs11.many-keys.login").at("advice").get<std::string>(),
              HasSubstr("IdentitiesOnly yes and IdentityFile"));
  EXPECT_EQ(verdict_of(report, "pkcs11.many-keys.identity-file"), "pass");  // so it helps
  EXPECT_EQ(layer(report, "pkcs11.unmanaged.token"), "tpm2_ptool");
  EXPECT_EQ(result_of(report, "pkcs11.unmanaged.token").at("rc"), "0x902");
  EXPECT_THAT(result_of(report, "pkcs11.unmanaged.token").at("explanation").get<std::string>(),
              HasSubstr("needs a resource manager"));
}

TEST_F(SshWalk, TheBlogsFailureIsTheTpms) {
  const auto report = walk_to(1, {"--emulated", "--firmware", "amd-3.51.0.5", "--only", "*.ecc384",
                                  "--only", "*.ecc256", "--only", "direct.rsa2048"});
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc384.addkey"), "pass");
  EXPECT_EQ(verdict_of(report, "import.ecc384.import"), "pass");
  for (const std::string way : {"pkcs11", "import", "direct"}) {
    const auto id = way + ".ecc384.login";
    EXPECT_EQ(verdict_of(report, id), "fail") << id;
    EXPECT_EQ(layer(report, id), "TPM") << id;
    EXPECT_EQ(result_of(report, id).at("rc"), "0x1d5") << id;
    EXPECT_THAT(result_of(report, id).at("explanation").get<std::string>(),
                HasSubstr("no SHA-384 in this TPM"));
    EXPECT_THAT(result_of(report, id).at("advice").get<std::string>(), HasSubstr("ecc256"));
    EXPECT_EQ(verdict_of(report, way + ".ecc256.login"), "pass") << way;
  }
  EXPECT_THAT(lines(report, "pkcs11.ecc384.login"),
              HasSubstr("ERROR:esys:src/tss2-esys/api/Esys_Sign.c:105:Esys_Sign() Esys Finish "
                        "ErrorCode (0x000001d5) \nERROR: Esys_Sign: tpm:parameter(1):structure is "
                        "the wrong size\n"));
  EXPECT_EQ(verdict_of(report, "direct.rsa2048.login"), "pass");
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp384"), "not-usable");
  EXPECT_EQ(report.at("summary").at("avoid").at(0).at("use"), "ssh.ecdsa-sha2-nistp384");
}

TEST_F(SshWalk, ATpmWithoutResourceManagerIsLeftAsItWas) {
  auto swtpm = emulator::SwtpmProcess::start();
  ASSERT_TRUE(swtpm) << swtpm.error().message;
  const auto tcti = (*swtpm)->tcti();
  const auto report = walk_to(0, {"--tcti", tcti, "--only", "*.ecc256"});
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.login"), "pass");
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.wrong-pin"), "pass");
  EXPECT_EQ(verdict_of(report, "import.ecc256.wrong-pin"), "none");  // each counts towards lockout
  for (const auto* kind : {"handles-transient", "handles-persistent", "handles-loaded-session",
                           "handles-saved-session", "handles-nv-index"}) {
    const auto handles = run_program({"tpm2_getcap", kind}, {{"TPM2TOOLS_TCTI", tcti}});
    EXPECT_EQ(handles.output, "") << kind;
  }
}

TEST_F(SshWalk, AnUnknownWayIsAUsageError) {
  const auto run = run_tpmprobe({"ssh", "--emulated", "--only", "pkcs11.ecc123"}, environment());
  EXPECT_EQ(run.status.code, 2);
  EXPECT_EQ(run.errors, "tpmprobe ssh: unknown way \"pkcs11.ecc123\"\n");
}

/// Stopped by Ctrl-C while the step with this number runs: what was found until then is told, and
/// the program that runs is not waited for.
class SshWalkStopped : public HeldWalk, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(SshWalkStopped, TellsWhatItHasAndLeavesNothing) {
  auto run = start({"--format", "json"});
  ASSERT_TRUE(go_into_step_after(GetParam(), run)) << run.errors();
  run.signal(SIGINT);
  run.wait_until_delivered(SIGINT);
  relay_->release();
  const auto ended = run.wait();
  EXPECT_EQ(ended.status.code, 4) << ended.errors;
  const auto report = validated_report(ended.output);
  EXPECT_GE(report.at("results").size(), GetParam());
  for (const auto& result : report.at("results")) {
    EXPECT_THAT(result.at("verdict").get<std::string>(), ::testing::AnyOf("pass", "blocked"))
        << result;
  }
  EXPECT_TRUE(left_over().empty()) << ::testing::PrintToString(left_over());
}

INSTANTIATE_TEST_SUITE_P(AtSomeSteps, SshWalkStopped,
                         ::testing::Values<std::size_t>(1, 2, 3, 5, 7));

}  // namespace
}  // namespace tpmprobe::suites
