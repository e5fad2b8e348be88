// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/private_broker.h"
#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;

/// The TPM is behind a broker of the user's; the walk puts its own server and broker before it.
class WalkThroughABroker : public WalkInFolder {
 protected:
  void SetUp() override {
    WalkInFolder::SetUp();
    auto swtpm = emulator::SwtpmProcess::start();
    ASSERT_TRUE(swtpm) << swtpm.error().message;
    swtpm_ = std::move(*swtpm);
    broker_.emplace(swtpm_->tcti());
  }

  ProgramResult walk_through(const Words& more) {
    Words words{"--tcti", "tabrmd:bus_type=session", "--only", "*.ecc256"};
    words.insert(words.end(), more.begin(), more.end());
    return walk(words, {{"DBUS_SESSION_BUS_ADDRESS", broker_->address()}});
  }

  /// Handles in the TPM itself, asked past the broker.
  std::string handles() {
    std::string all;
    for (const auto* kind : {"handles-transient", "handles-persistent", "handles-loaded-session",
                             "handles-saved-session", "handles-nv-index"}) {
      all += run_program({"tpm2_getcap", kind}, {{"TPM2TOOLS_TCTI", swtpm_->tcti()}}).output;
    }
    return all;
  }

  std::unique_ptr<emulator::SwtpmProcess> swtpm_;
  std::optional<PrivateBroker> broker_;
};

TEST_F(WalkThroughABroker, IsHardwareThatHasToBeAllowed) {
  const auto run = walk_through({});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_THAT(run.errors, HasSubstr("Use --hardware to allow it"));
  EXPECT_EQ(run.output, "");
}

TEST_F(WalkThroughABroker, LogsInAndLeavesNothing) {
  const auto run = walk_through({"--hardware"});
  EXPECT_EQ(run.status.code, 0) << run.errors << run.output;
  const auto report = validated_report(run.output);
  for (const auto* id : {"direct.ecc256.login", "pkcs11.ecc256.login", "pkcs11.ecc256.agent",
                         "import.ecc256.login", "import.ecc256.agent"}) {
    EXPECT_EQ(verdict_of(report, id), "pass") << id;
    EXPECT_EQ(result_of(report, id).at("verified_by").dump(), R"(["sshd"])") << id;
  }
  EXPECT_EQ(verdict_of(report, "pkcs11.ecc256.wrong-pin"), "none");  // it counts towards lockout
  EXPECT_THAT(left_over(), ::testing::IsEmpty());
  EXPECT_EQ(handles(), "");
}

}  // namespace
}  // namespace tpmprobe::suites
