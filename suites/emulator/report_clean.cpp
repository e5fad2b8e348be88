// SPDX-License-Identifier: BSD-2-Clause
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "reports/text/text_report.h"
#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"
#include "suites/support/not_empty.h"
#include "text/utf8.h"

/// One report with everything in it on a TPM that has no fault: no false alarm anywhere.
namespace tpmprobe::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

// TPM2_Clear by the lockout's empty password.
const Bytes kClear = authorized(0x126, "4000000a");

class FullReportOfACleanTpm : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto tpm = emulator::EmbeddedTpm::create();
    ASSERT_TRUE(tpm) << tpm.error().message;
    outcome_ = std::make_unique<Outcome>(run_report(**tpm, {}));
  }
  static void TearDownTestSuite() { outcome_.reset(); }

  static const reports::Report& report() { return outcome_->report; }

  static void expect_pass(const std::string& id, std::string_view verifier) {
    const auto& result = result_of(report(), id);
    EXPECT_EQ(result.verdict, Verdict::pass) << id << ": " << result.actual;
    EXPECT_THAT(result.verified_by, ElementsAre(StartsWith(std::string(verifier)))) << id;
    EXPECT_TRUE(result.sign_ms) << id;
  }

  static void expect_quickest_first() {
    std::optional<double> last = 0;
    for (const auto& advice : not_empty(report().recommended)) {
      const auto& use = use_of(report(), advice.use);
      ASSERT_TRUE(use.sign_ms) << use.id;
      EXPECT_GE(use.sign_ms, last) << use.id;
      last = use.sign_ms;
    }
  }

  static std::unique_ptr<Outcome> outcome_;
};

std::unique_ptr<Outcome> FullReportOfACleanTpm::outcome_;

// Each test of this suite makes RSA keys of its own when it runs alone: there are few of them.
TEST_F(FullReportOfACleanTpm, HasNothingToWarnAboutAndCountsEveryCommandOnTheWire) {
  EXPECT_EQ(report().invocation.exit_code, kExitOk);
  EXPECT_THAT(findings(report()), IsEmpty());
  EXPECT_THAT(troubles(report()), IsEmpty()) << outline(report());
  EXPECT_EQ(schema_errors({report()}), "");
  const int counted = std::accumulate(
      report().results.begin(), report().results.end(), 0,
      [](int sum, const auto& reported) { return sum + reported.result.tpm_commands; });
  EXPECT_EQ(counted, static_cast<int>(outcome_->wire.size()));
}

TEST_F(FullReportOfACleanTpm, HasEverySignatureVerifiedByAnother) {
  for (const char* hash : {"sha256", "sha384", "sha512"}) {
    for (const char* curve : {"p256", "p384", "p521"}) {
      expect_pass(fmt::format("sign.ecdsa-{}-{}", curve, hash), "OpenSSL 3");
    }
  }
  for (const int bits : {1024, 2048, 3072}) {
    for (const char* hash : {"sha1", "sha256", "sha384", "sha512"}) {
      expect_pass(fmt::format("sign.rsassa-rsa{}-{}", bits, hash), "OpenSSL 3");
      expect_pass(fmt::format("sign.rsapss-rsa{}-{}", bits, hash), "OpenSSL 3");
    }
  }
  for (const char* key : {"p256-sha256", "p384-sha384", "p521-sha512", "bn256-sha256"}) {
    expect_pass(fmt::format("sign.ecschnorr-{}", key), "EC_POINT");
    expect_pass(fmt::format("sign.ecdaa-{}", key), "EC_POINT");
  }
  expect_pass("sign.sm2-sm2p256-sha256", "OpenSSL 3");
}

TEST_F(FullReportOfACleanTpm, LogsInBySshAndRecommendsTheQuickestFirst) {
  for (const char* curve : {"nistp256", "nistp384", "nistp521"}) {
    expect_pass(fmt::format("ssh.ecdsa-sha2-{}", curve), "OpenSSH_");
  }
  for (const int bits : {1024, 2048, 3072}) {
    for (const char* way :
         {"rsa-sha2-256", "rsa-sha2-512", "rsa-sha2-256-raw", "rsa-sha2-512-raw"}) {
      expect_pass(fmt::format("ssh.rsa{}.{}", bits, way), "OpenSSH_");
    }
  }
  EXPECT_THAT(uses_of(report().recommended),
              UnorderedElementsAre("ssh.ecdsa-sha2-nistp256", "ssh.ecdsa-sha2-nistp384",
                                   "ssh.ecdsa-sha2-nistp521", "ssh.rsa2048", "ssh.rsa3072"));
  expect_quickest_first();
  EXPECT_THAT(uses_of(report().avoid), ElementsAre("ssh.rsa1024"));
}

using QuickReport = ReportTest;

TEST_F(QuickReport, SaysOfRsa4096ThatThisTpmDoesNotHaveIt) {
  const auto& report = run({.only = {"*rsa4096*"}}).report;
  EXPECT_THAT(with_verdict(report, Verdict::pass), ElementsAre("session.open", "session.close"));
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(result_of(report, "key.rsa4096").rc, 0x2c4U);
  EXPECT_THAT(result_of(report, "key.rsa4096").cause, Optional(HasSubstr("no RSA-4096")));
  EXPECT_EQ(use_of(report, "ssh.rsa4096").verdict, reports::Usability::not_usable);
}

TEST_F(QuickReport, FitsIntoEveryWidthAsText) {
  const auto& report = run({.only = kEcc}).report;
  for (const int width : {60, 100, 200}) {
    std::ostringstream out;
    reports::write_text(report, {width, false, true, false}, out);
    EXPECT_THAT(out.str(), HasSubstr("ssh.ecdsa-sha2-nistp256"));
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(text::display_width(line), width) << line;
    }
  }
}

TEST_F(QuickReport, NamesTheOwnerAlikeUntilTheTpmIsCleared) {
  const RunSpec key{.only = {"key.p256"}};
  const auto name = run(key).report.tpm.owner_primary_name;
  ASSERT_THAT(name, Optional(SizeIs(64)));
  EXPECT_EQ(run(key).report.tpm.owner_primary_name, name);
  ASSERT_EQ(code(kClear), 0U);
  const auto after = run(key).report.tpm.owner_primary_name;
  EXPECT_TRUE(after);
  EXPECT_NE(after, name);
}

}  // namespace
}  // namespace tpmprobe::suites
