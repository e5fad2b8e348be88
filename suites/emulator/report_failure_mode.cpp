// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"

/// A TPM in failure mode, not pretended: libtpms 0.9.2 falls into it over TPM2_ZGen_2Phase with
/// ECMQV on P-192.
namespace tpmprobe::suites {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::Optional;
using testing::SizeIs;

constexpr std::uint32_t kRcFailure = 0x101, kGetTestResult = 0x17c;

std::string digits(ByteView octets) {
  return fmt::format("{:02x}", fmt::join(octets, ""));
}

class ReportOfFailureMode : public ReportTest {
 protected:
  /// Loads a P-192 key for ECMQV, and sends the deadly command with it.
  void break_it() {
    const Bytes created = send(
        authorized(0x131, "40000007",
                   "0004 0000 0000 0018 0023 000b 00020472 0000 0010 001d 000b 0001 0010 0000 0000"
                   "0000 00000000"));
    ASSERT_EQ(knowledge::response_code(created), 0U);
    const auto handle = digits(ByteView(created).subspan(10, 4));
    // TPM2_EC_Ephemeral: header, a point as TPM2B_ECC_POINT, a counter.
    const Bytes ephemeral = send(plain(0x18e, "0001"));
    const ByteView octets(ephemeral);
    ASSERT_EQ(knowledge::response_code(octets), 0U);
    const auto point = digits(octets.subspan(10, octets.size() - 12));
    const auto counter = digits(octets.last(2));
    ASSERT_EQ(code(authorized(0x18d, handle, point + point + "001d" + counter)), kRcFailure);
  }
};

TEST_F(ReportOfFailureMode, ReadsWhatTheTpmStillTells) {
  const auto& healthy = run({.only = {"identity"}}).report;
  break_it();
  const auto& [report, wire, progress] = run({});
  EXPECT_EQ(report.tpm.manufacturer, "IBM");
  EXPECT_EQ(report.tpm.kind, TpmKind::emulator);
  EXPECT_EQ(report.tpm.firmware, healthy.tpm.firmware);
  ASSERT_TRUE(report.tpm.failure_mode);
  EXPECT_EQ(report.tpm.failure_mode->test_result, kRcFailure);
  // libtpms: function, line, code.
  EXPECT_THAT(report.tpm.failure_mode->out_data, SizeIs(12));
  EXPECT_EQ(wire.back().command, kGetTestResult);
  EXPECT_EQ(wire.back().rc, 0U);
}

TEST_F(ReportOfFailureMode, ExplainsItAndTriesNothingElse) {
  break_it();
  const auto& report = run({}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_THAT(findings(report), ElementsAre("Q63"));
  const auto& finding = finding_of(report, "Q63");
  EXPECT_EQ(finding.severity, reports::Severity::error);
  EXPECT_THAT(finding.diagnosis,
              AllOf(HasSubstr("0x101"), HasSubstr(digits(report.tpm.failure_mode->out_data))));
  EXPECT_EQ(result_of(report, "session.open").verdict, Verdict::quirk);
  EXPECT_THAT(reported(report, "session.open").explanation, Optional(HasSubstr("TPM_RC_FAILURE")));
  EXPECT_THAT(report.results, SizeIs(1));
}

TEST_F(ReportOfFailureMode, ThatComesInTheMiddleIsAFindingAndEndsTheRun) {
  constexpr std::size_t kAmongTheSignatures = 40;
  const auto& report = run({.only = kEccAndRsa,
                            .sent =
                                [this](std::size_t n) {
                                  if (n == kAmongTheSignatures) break_it();
                                }})
                           .report;
  EXPECT_THAT(findings(report), ElementsAre("Q63"));
  EXPECT_NE(report.invocation.exit_code, kExitOk);
  ASSERT_TRUE(report.tpm.failure_mode);
  EXPECT_EQ(report.tpm.failure_mode->test_result, kRcFailure);
  EXPECT_THAT(with_verdict(report, Verdict::quirk), SizeIs(1)) << "the first one tells it all";
  EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp521").verdict, reports::Usability::unknown);
}

}  // namespace
}  // namespace tpmprobe::suites
