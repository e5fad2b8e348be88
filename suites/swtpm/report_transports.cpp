// SPDX-License-Identifier: BSD-2-Clause
// The same TPM whatever way leads to it: the verdicts are those of the TPM inside tpmprobe.
#include "suites/swtpm/private_broker.h"
#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Words kQuick{"--quick", "--skip", "*rsa1024*"};

void expect_same_verdicts(const ProgramResult& run, const Words& choice) {
  ASSERT_EQ(run.status.code, 0) << run.errors << run.output;
  EXPECT_THAT(run.errors, IsEmpty());
  const auto report = validated_report(run.output);
  EXPECT_THAT(troubles_of(report), IsEmpty());
  EXPECT_EQ(verdicts_of(report), verdicts_of(report_of_embedded(choice)));
}

class ReportTransports : public ReportOnSwtpm {};

TEST_F(ReportTransports, OnSwtpmEveryProbeEndsAsOnTheEmbeddedTpm) {
  expect_same_verdicts(run_tpmprobe(report_words(swtpm_->tcti(), {})), {});
  EXPECT_THAT(transient(), IsEmpty());
}

TEST_F(ReportTransports, ThroughTheResourceManagerTheVerdictsAreTheSame) {
  const PrivateBroker broker(swtpm_->tcti());
  const std::string tcti = std::string("tabrmd:bus_type=session,bus_name=") + PrivateBroker::kName;
  expect_same_verdicts(
      run_tpmprobe(report_words(tcti, kQuick), {{"DBUS_SESSION_BUS_ADDRESS", broker.address()}}),
      kQuick);
}

TEST_F(ReportTransports, ThroughATctiOfTss2TheVerdictsAreTheSame) {
  const std::string socket = (swtpm_->directory() / "tpm").string();
  expect_same_verdicts(run_tpmprobe(report_words("cmd:socat STDIO UNIX-CONNECT:" + socket, kQuick)),
                       kQuick);
  EXPECT_THAT(transient(), IsEmpty());
}

class DefaultTpm : public ReportOnSwtpm {
 protected:
  // A resource manager that is found if nothing is said, where there is no device.
  void SetUp() override {
    ReportOnSwtpm::SetUp();
    if (::access("/dev/tpmrm0", F_OK) == 0) GTEST_SKIP() << "this machine has a TPM";
    broker_ = std::make_unique<PrivateBroker>(swtpm_->tcti());
  }

  ProgramResult run(const std::string& tools_tcti) {
    return run_tpmprobe(
        {"report", "--format", "json", "--only", "identity"},
        {{"DBUS_SYSTEM_BUS_ADDRESS", broker_->address()}, {"TPM2TOOLS_TCTI", tools_tcti}});
  }

  std::unique_ptr<PrivateBroker> broker_;
};

TEST_F(DefaultTpm, IsTheResourceManagerWhereThereIsNoDevice) {
  const auto run_of = run("");
  ASSERT_EQ(run_of.status.code, 0) << run_of.errors;
  EXPECT_EQ(parse_report(run_of.output).at("tpm").at("transport"), "tabrmd");
}

TEST_F(DefaultTpm, IsWhatTheToolsVariableNames) {
  const auto run_of = run(relay_->tcti());
  ASSERT_EQ(run_of.status.code, 0) << run_of.errors;
  EXPECT_EQ(parse_report(run_of.output).at("tpm").at("transport"), "swtpm");
  EXPECT_GT(relay_->count(), 0U);
}

TEST_F(DefaultTpm, IsNoOtherIfTheOneInTheToolsVariableIsNotThere) {
  for (const char* tcti : {"device:/nonexistent", "swtpm:path=/nonexistent", "nonsense"}) {
    const auto run_of = run(tcti);
    EXPECT_EQ(run_of.status.code, 3) << tcti;
    EXPECT_THAT(run_of.output, IsEmpty());
    EXPECT_THAT(run_of.errors, HasSubstr("TPM2TOOLS_TCTI: "));
  }
}

}  // namespace
}  // namespace tpmprobe::suites
