// SPDX-License-Identifier: BSD-2-Clause
// What people keep in a TPM is the same before and after, as tpm2-tools see it.
#include <csignal>

#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::IsEmpty;

// Of the variable properties these two tell how many objects there is room for just now.
bool is_about_room(const std::string& line) {
  return line.find("HR_TRANSIENT_AVAIL") != std::string::npos ||
         line.find("HR_LOADED_AVAIL") != std::string::npos;
}

/// A TPM in use: a persistent key, an NV index, passwords, a counted wrong password.
class UsedTpm : public ReportOnSwtpm {
 protected:
  void SetUp() override {
    ReportOnSwtpm::SetUp();
    const auto directory = tpm::PrivateDirectory::create();
    ASSERT_TRUE(directory);
    const std::string context = directory->path() / "key";
    tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-p", "right", "-c", context});
    tool({"tpm2_evictcontrol", "-Q", "-c", context, "0x81000001"});
    tool({"tpm2_flushcontext", "-t"});
    tool({"tpm2_nvdefine", "-Q", "-s", "8", "-a", "ownerread|ownerwrite", "0x1500000"});
    tool({"sh", "-c", "printf 12345678 | tpm2_nvwrite -i - -C o 0x1500000"});
    // Dictionary attack parameters first: a new swtpm allows three tries.
    tool({"tpm2_dictionarylockout", "-s", "-n", "9", "-t", "100", "-l", "100"});
    // libtpms may refuse the first one for a moment, without counting it.
    for (int tries = 0; tries < 3 && !counted(); ++tries) wrong_password();
    tool({"tpm2_changeauth", "-c", "endorsement", "endorsing"});
    tool({"tpm2_changeauth", "-c", "lockout", "unlocking"});
    before_ = state();
    ASSERT_THAT(before_, ::testing::HasSubstr("TPM2_PT_LOCKOUT_COUNTER: 0x1"));
  }

  // Wants the password of a key that is not exempt from dictionary-attack protection.
  void wrong_password() {
    const auto run = run_program({"tpm2_create", "-Q", "-C", "0x81000001", "-P", "wrong"},
                                 {{"TPM2TOOLS_TCTI", swtpm_->tcti()}});
    EXPECT_FALSE(run.status.succeeded());
  }

  bool counted() { return state().find("TPM2_PT_LOCKOUT_COUNTER: 0x1") != std::string::npos; }

  std::string state() {
    std::string all;
    for (const char* list : {"handles-persistent", "handles-nv-index", "handles-loaded-session",
                             "handles-saved-session", "handles-permanent", "pcrs"}) {
      all += tool({"tpm2_getcap", list});
    }
    for (const auto& line : lines_of(tool({"tpm2_getcap", "properties-variable"}))) {
      if (!is_about_room(line)) all += line + "\n";
    }
    all += tool({"tpm2_nvread", "-C", "o", "0x1500000"}) + "\n";
    all += tool({"tpm2_nvreadpublic"}) + tool({"tpm2_readpublic", "-c", "0x81000001"});
    return all + tool({"tpm2_pcrread"});
  }

  // The passwords are what they were: only who knows them may do this.
  void expect_same_passwords() {
    tool({"tpm2_changeauth", "-c", "endorsement", "-p", "endorsing", "endorsing"});
    tool({"tpm2_dictionarylockout", "-c", "-p", "unlocking"});
    tool({"tpm2_changeauth", "-c", "owner", ""});
  }

  void run_and_kill(std::size_t number) {
    relay_->hold_at(relay_->count() + number);
    RunningProgram program(tpmprobe(report_words(relay_->tcti())));
    ASSERT_TRUE(relay_->wait_until_held(program));
    program.signal(SIGKILL);
    program.wait();
    relay_->drop();
  }

  std::string before_;
};

TEST_F(UsedTpm, IsTheSameAfterAReport) {
  tool({"tpm2_pcrextend", "16:sha256=" + std::string(64, 'a')});
  before_ = state();
  EXPECT_THAT(troubles_of(report({"--quick"})), IsEmpty());
  EXPECT_EQ(state(), before_);
  expect_same_passwords();
}

TEST_F(UsedTpm, IsTheSameAfterReportsThatWereKilled) {
  for (const std::size_t number : {30U, 70U, 110U}) {
    ASSERT_NO_FATAL_FAILURE(run_and_kill(number));
    EXPECT_EQ(state(), before_);
  }
  EXPECT_THAT(troubles_of(report()), IsEmpty());
  EXPECT_EQ(state(), before_);
  expect_same_passwords();
}

/// A TPM that loses its power in the middle of a report: while it has a command, or between two.
class PowerLoss : public UsedTpm,
                  public ::testing::WithParamInterface<std::tuple<SwtpmRelay::Hold, std::size_t>> {
};

TEST_P(PowerLoss, EndsInAReportAndChangesNothing) {
  ASSERT_TRUE(swtpm_->restart(emulator::PowerOff::sudden));
  before_ = state();
  const auto [hold, number] = GetParam();
  relay_->hold_at(number, hold);
  RunningProgram program(tpmprobe(report_words(relay_->tcti())));
  ASSERT_TRUE(relay_->wait_until_held(program));
  const bool harmless = hold == SwtpmRelay::Hold::command && transient().empty();
  ASSERT_TRUE(swtpm_->restart(emulator::PowerOff::sudden));
  if (hold == SwtpmRelay::Hold::command) {
    relay_->release();
  } else {
    relay_->drop();
  }
  const auto run = program.wait();
  EXPECT_EQ(run.status.signal, 0);
  if (harmless) {
    EXPECT_EQ(run.status.code, 0) << "neither an answer nor an object was lost";
  } else {
    EXPECT_THAT(run.status.code, ::testing::AnyOf(1, 4)) << run.errors << run.output;
  }
  const auto told = validated_report(run.output);
  EXPECT_FALSE(verdicts_of(told).empty());
  EXPECT_THAT(transient(), IsEmpty());
  EXPECT_EQ(state(), before_);
  EXPECT_THAT(troubles_of(report()), IsEmpty());
  expect_same_passwords();
}

std::string moment(const ::testing::TestParamInfo<PowerLoss::ParamType>& info) {
  const bool before = std::get<0>(info.param) == SwtpmRelay::Hold::command;
  return (before ? "BeforeCommand" : "DuringCommand") + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Moments, PowerLoss,
                         ::testing::Combine(::testing::Values(SwtpmRelay::Hold::command,
                                                              SwtpmRelay::Hold::response),
                                            ::testing::Values(5U, 40U, 100U)),
                         moment);

}  // namespace
}  // namespace tpmprobe::suites
