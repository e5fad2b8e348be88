// SPDX-License-Identifier: BSD-2-Clause
#include "reports/privacy.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json/json_report.h"
#include "reports/report_strings.h"
#include "reports/text/text_report.h"

namespace tpmprobe::reports {
namespace {

const Secrets kSecrets{"/home/ada", "ada", "analytical.example.org"};

TEST(Redacted, ReplacesTheHomePath) {
  EXPECT_EQ(redacted("--tcti=swtpm:path=/home/ada/sock", kSecrets), "--tcti=swtpm:path=~/sock");
  EXPECT_EQ(redacted("/home/ada", kSecrets), "~");
  EXPECT_EQ(redacted("in /srv/homes/ada/x", {"/srv/homes/ada/", "", ""}), "in ~/x");
}

TEST(Redacted, ReplacesOtherHomesToo) {
  EXPECT_EQ(redacted("/home/ada-lovelace/x and /home/grace/y", kSecrets),
            "/home/USER/x and /home/USER/y");
}

TEST(Redacted, ReplacesUserAndHostAsWholeWords) {
  EXPECT_EQ(redacted("ada@analytical: no", kSecrets), "USER@HOST: no");
  EXPECT_EQ(redacted("at analytical.example.org, ada's", kSecrets), "at HOST, USER's");
}

TEST(Redacted, LeavesWordsThatOnlyContainAName) {
  EXPECT_EQ(redacted("adapter, Canada, ada_x, analytically", kSecrets),
            "adapter, Canada, ada_x, analytically");
}

TEST(Redacted, LeavesRootAndLocalhost) {
  EXPECT_EQ(redacted("root@localhost /root/x", {"", "root", "localhost"}),
            "root@localhost /root/x");
}

TEST(Redacted, LooksForShortNamesInPathsOnly) {
  const Secrets secrets{"", "al", "x1"};
  EXPECT_EQ(redacted("al /srv/al/x1/f x1", secrets), "al /srv/USER/HOST/f x1");
}

TEST(Redacted, LeavesTheFoldersOfTheSystem) {
  EXPECT_EQ(redacted("device:/dev/tpmrm0 /srv/dev/x dev", {"", "dev", ""}),
            "device:/dev/tpmrm0 /srv/USER/x USER");
}

TEST(Redacted, ChangesNothingWithoutSecrets) {
  EXPECT_EQ(redacted("device:/dev/tpm0 / ~", {}), "device:/dev/tpm0 / ~");
  EXPECT_EQ(redacted("/dev/tpm0", {"/", "", ""}), "/dev/tpm0");
}

Report planted_report() {
  Report report;
  report.tool_version = "0.1.0";
  report.invocation.argv = {"tpmprobe"};
  report.host.packages = {{"tpm2-tss", "3.2.1"}};
  report.emulation = Emulation{"file", {"Q01"}, {"nothing"}};
  ReportedResult reported;
  reported.result.id = "rng.ada-adapter";
  reported.result.title = "a title about ada";
  reported.result.cause = "cause";
  reported.result.advice = "advice";
  reported.result.verified_by = {"OpenSSL"};
  reported.explanation = "explanation";
  reported.advice = "advice";
  report.results = {reported};
  report.uses = {{"ssh.rsa2048", "ssh key", Usability::limited, {"reason"}, {}, {}}};
  report.findings = {{"found", Severity::warning, "title", "diagnosis", "advice", {}}};
  report.recommended = {{"ssh.rsa2048", "good"}};
  report.avoid = {{"ssh.rsa2048", "bad"}};
  visit_texts(report, [](std::string& text) {
    text += " /home/ada/tpm2/store, ada@analytical.example.org, (ada) on \"analytical\"";
  });
  return report;
}

TEST(Redact, LeavesNoNameInAnyTextOfAnyFormat) {
  Report report = planted_report();
  report = redacted(std::move(report), kSecrets);
  std::ostringstream shown;
  write_json(report, shown);
  write_text(report, {1000, false, true, false}, shown);
  std::string text = shown.str();
  for (const std::string ours : {"rng.ada-adapter", "a title about ada"}) {
    EXPECT_THAT(text, testing::HasSubstr(ours));
    for (auto at = text.find(ours); at != std::string::npos; at = text.find(ours)) {
      text.erase(at, ours.size());
    }
  }
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("/home")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("ada")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("analytical")));
  EXPECT_THAT(text, testing::HasSubstr("~/tpm2/store, USER@HOST"));
}

}  // namespace
}  // namespace tpmprobe::reports
