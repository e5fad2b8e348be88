// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"

/// Reports on a sound TPM in the states that people find theirs in.
namespace tpmprobe::suites {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// TPM2_HierarchyChangeAuth(TPM_RH_OWNER, "abcd").
const Bytes kSetOwnerPassword = authorized(0x129, "40000001", "0004 61626364");
// TPM2_HierarchyControl: the platform switches the owner hierarchy off.
const Bytes kDisableOwner = authorized(0x121, "4000000c", "40000001 00");

constexpr std::uint32_t kLockoutCounter = 0x20e;  // TPM_PT_LOCKOUT_COUNTER

using ReportOfOwner = ReportTest;

TEST_F(ReportOfOwner, WithPasswordRunsUnderTheNullHierarchyAndTriesNone) {
  ASSERT_EQ(code(kSetOwnerPassword), 0U);
  const auto& [report, wire, progress] = run({.only = kEccAndRsa});
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), ElementsAre("Q73"));
  EXPECT_EQ(finding_of(report, "Q73").severity, reports::Severity::info);
  EXPECT_FALSE(report.tpm.owner_primary_name);
  for (const Sent& sent : wire) {
    EXPECT_NE(sent.rc & 0x0ffU, 0xa2U) << "TPM_RC_BAD_AUTH of " << sent.command;
    EXPECT_NE(sent.rc & 0x0ffU, 0x8eU) << "TPM_RC_AUTH_FAIL of " << sent.command;
  }
  EXPECT_EQ(property(kLockoutCounter), 0U);
}

TEST_F(ReportOfOwner, DisabledRunsUnderTheNullHierarchyAndSaysSo) {
  ASSERT_EQ(code(kDisableOwner), 0U);
  const auto& report = run({.only = kEccAndRsa}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_THAT(troubles(report), ElementsAre("state.hierarchies"));
  EXPECT_THAT(findings(report), ElementsAre("Q72"));
  EXPECT_THAT(finding_of(report, "Q72").diagnosis, HasSubstr("NULL hierarchy"));
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("ssh.ecdsa-sha2-nistp256"));
  EXPECT_FALSE(report.tpm.owner_primary_name);
}

using ReportOfASleepingTpm = ReportTest;

TEST_F(ReportOfASleepingTpm, StartsItAndSaysSo) {
  TPMLIB_Terminate();
  ASSERT_EQ(TPMLIB_MainInit(), TPM_SUCCESS);
  const auto& report = run({.only = kEcc}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(result_of(report, "session.open").actual, HasSubstr("had not been started"));
}

}  // namespace
}  // namespace tpmprobe::suites
