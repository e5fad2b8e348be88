// SPDX-License-Identifier: BSD-2-Clause
#include "reports/recognise.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "knowledge/property_tags.h"
#include "reports/assemble.h"

namespace tpmprobe::reports {
namespace {

using knowledge::Quirk;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

Result result(std::string id, Verdict verdict, std::vector<std::string> evidence = {}) {
  Result made;
  made.id = parse_id(id);
  made.verdict = verdict;
  made.actual = "what was seen";
  made.evidence = std::move(evidence);
  return made;
}

Result refused(std::string id, Verdict verdict, std::uint32_t rc, std::uint32_t command) {
  Result made = result(std::move(id), verdict);
  made.rc = rc;
  made.command = command;
  return made;
}

Report report_of(std::vector<Result> results) {
  return report_of(RunFacts{}, std::move(results));
}

/// The same by a report that does not know this defect.
Report report_without(std::string_view id, std::vector<Result> results) {
  auto known = knowledge::quirks();
  std::erase_if(known, [&](const Quirk& quirk) { return quirk.id == id; });
  return report_of(RunFacts{}, std::move(results), known);
}

std::vector<std::string> ids(const Report& report) {
  std::vector<std::string> all;
  for (const Finding& finding : report.findings) all.push_back(finding.id);
  return all;
}

const Finding& finding(const Report& report, std::string_view id) {
  static const Finding kNone;
  const auto found = std::ranges::find(report.findings, id, &Finding::id);
  EXPECT_NE(found, report.findings.end()) << id;
  return found == report.findings.end() ? kNone : *found;
}

const Result& result_of(const Report& report, std::string_view id) {
  return std::ranges::find_if(report.results,
                              [&](const auto& reported) { return reported.result.id == id; })
      ->result;
}

RunFacts of_firmware(std::string manufacturer, std::uint32_t high, std::uint32_t low) {
  RunFacts facts;
  facts.tpm.manufacturer = std::move(manufacturer);
  facts.capabilities.emplace();
  facts.capabilities->properties_fixed = {{knowledge::kPtFirmwareVersion1, high},
                                          {knowledge::kPtFirmwareVersion2, low}};
  return facts;
}

constexpr std::uint32_t kSign = 0x15d, kCreate = 0x153;

TEST(Recognise, NamesADefectByWhatItDid) {
  const Report report =
      report_of({refused("ssh.ecdsa-sha2-nistp384", Verdict::fail, 0x1d5, kSign)});
  EXPECT_THAT(ids(report), ElementsAre("Q01"));
  const Finding& found = finding(report, "Q01");
  const Quirk& quirk = *knowledge::find_quirk("Q01");
  EXPECT_EQ(found.title, quirk.title);
  EXPECT_EQ(found.advice, quirk.advice);
  EXPECT_THAT(found.diagnosis, AllOf(HasSubstr(quirk.diagnosis), HasSubstr("Here: What was seen."),
                                     HasSubstr("Recognised by behaviour.")));
  EXPECT_THAT(found.probes, ElementsAre("ssh.ecdsa-sha2-nistp384"));
  EXPECT_EQ(result_of(report, "ssh.ecdsa-sha2-nistp384").verdict, Verdict::quirk);
  EXPECT_EQ(result_of(report, "ssh.ecdsa-sha2-nistp384").quirk, "Q01");
}

TEST(Recognise, LeavesUnrecognisedWhatNoFileDescribes) {
  for (const auto verdict : {Verdict::fail, Verdict::mismatch, Verdict::timeout}) {
    const Report report =
        report_without("Q54", {result("sign.ecdsa-p256-sha256", verdict, {"answer.cut"})});
    EXPECT_THAT(ids(report), ElementsAre("unrecognised"));
    EXPECT_EQ(report.results.front().result.verdict, verdict);
    EXPECT_FALSE(report.results.front().result.quirk);
  }
}

TEST(Recognise, TakesACodeFromBehindAResourceManager) {
  EXPECT_THAT(ids(report_of({refused("ssh.ecdsa-sha2-nistp384", Verdict::fail, 0xb01d5, kSign)})),
              ElementsAre("Q01"));
  EXPECT_THAT(ids(report_of({refused("ssh.ecdsa-sha2-nistp384", Verdict::fail, 0x701d5, kSign)})),
              ElementsAre("unrecognised"))
      << "that is a code of ESYS";
}

TEST(Recognise, WantsEverythingThatASymptomNames) {
  EXPECT_THAT(ids(report_of({refused("ssh.ecdsa-sha2-nistp384", Verdict::fail, 0x1d5, kCreate)})),
              ElementsAre("unrecognised"));
  EXPECT_THAT(ids(report_of({refused("ssh.ecdsa-sha2-nistp256", Verdict::fail, 0x1d5, kSign)})),
              ElementsAre("unrecognised"));
}

TEST(Recognise, GivesTheIdToWhatPassesAndChangesNothingElseOfIt) {
  const Report report =
      report_of({result("sign.ecdsa-p256-sha256", Verdict::pass, {"retry.some"})});
  EXPECT_THAT(ids(report), ElementsAre("Q08"));
  EXPECT_EQ(finding(report, "Q08").severity, Severity::info);
  EXPECT_EQ(report.results.front().result.verdict, Verdict::pass);
  EXPECT_EQ(report.results.front().result.quirk, "Q08");
}

TEST(Recognise, LeavesIncompleteWhatIs) {
  const Report report =
      report_of({result("sign.ecdsa-p256-sha256", Verdict::timeout, {"answer.none"}),
                 result("ssh.ecdsa-sha2-nistp256", Verdict::error, {"connection.closed"}),
                 refused("key.p256", Verdict::blocked, 0x920, 0x153)});
  EXPECT_THAT(ids(report), UnorderedElementsAre("Q62", "Q65", "Q12"));
  EXPECT_EQ(report.results[0].result.verdict, Verdict::timeout);
  EXPECT_EQ(report.results[1].result.verdict, Verdict::error);
  EXPECT_EQ(report.results[2].result.verdict, Verdict::blocked);
  for (const auto& reported : report.results) EXPECT_TRUE(reported.result.quirk);
}

TEST(Recognise, PrefersTheMoreSpecific) {
  const Report report = report_of({result("sign.ecdsa-p256-sha256", Verdict::fail,
                                          {"signature.wrong", "signature.integer-short"})});
  EXPECT_THAT(ids(report), ElementsAre("Q19"));
  EXPECT_EQ(report.results.front().result.quirk, "Q19");
}

TEST(Recognise, JoinsWhatFollowsFromADefect) {
  const auto login = result("ssh.ecdsa-sha2-nistp256", Verdict::fail);
  const auto sign = result("sign.ecdsa-p256-sha256", Verdict::fail, {"signature.wrong"});
  const Report report = report_of({login, sign});
  EXPECT_THAT(ids(report), ElementsAre("Q17"));
  EXPECT_THAT(finding(report, "Q17").probes,
              ElementsAre("sign.ecdsa-p256-sha256", "ssh.ecdsa-sha2-nistp256"));
  EXPECT_THAT(ids(report_of({login})), ElementsAre("unrecognised"));
}

TEST(Recognise, SaysThatTheFirmwareIsKnownForIt) {
  const Report report =
      report_of(of_firmware("AMD", 0x00030033, 0x00000005),
                {refused("ssh.ecdsa-sha2-nistp384", Verdict::fail, 0x1d5, kSign)});
  EXPECT_THAT(finding(report, "Q01").diagnosis,
              HasSubstr("Recognised by behaviour, and this firmware is known for it."));
}

TEST(Recognise, TellsWhatIsKnownOfTheFirmwareAndDidNotShow) {
  const Report report = report_of(of_firmware("AMD", 0x00030033, 0x00000005),
                                  {result("ssh.ecdsa-sha2-nistp384", Verdict::pass)});
  const Finding& found = finding(report, "Q01");
  EXPECT_EQ(found.severity, Severity::info);
  EXPECT_THAT(found.diagnosis,
              HasSubstr("Known issue of this firmware; not observed in this run."));
  EXPECT_THAT(found.probes, IsEmpty());
  EXPECT_THAT(ids(report), Not(Contains("Q16"))) << "a limit is worth no word until it is met";
}

TEST(Recognise, KnowsTheStateOfTheTpm) {
  RunFacts facts;
  facts.tpm.lockout = LockoutState{true, true, 32, 32, 7200, 86400};
  const Report report = report_of(facts, {result("state.lockout", Verdict::fail)});
  EXPECT_THAT(finding(report, "Q13").diagnosis,
              AllOf(HasSubstr("32 of 32 failed attempts"), HasSubstr("forgotten within 2 h")));
  EXPECT_EQ(report.results.front().result.verdict, Verdict::quirk);
}

TEST(Recognise, KnowsTheStateInARunThatDidNotProbeIt) {
  RunFacts facts;
  facts.tpm.lockout = LockoutState{true, false, 3, 3, 1000, 1000};
  facts.tpm.hierarchies = {{"owner", false, true}};
  const Report report = report_of(facts, {result("session.open", Verdict::pass)});
  EXPECT_THAT(ids(report), UnorderedElementsAre("Q13", "Q72", "Q73"));
  EXPECT_EQ(report.results.front().result.verdict, Verdict::pass);
}

TEST(Recognise, TellsFailureModeFromACommandThatFails) {
  const auto failed = refused("sign.ecdsa-p256-sha256", Verdict::fail, 0x101, kSign);
  EXPECT_THAT(ids(report_of({failed})), ElementsAre("unrecognised"));
  RunFacts facts;
  facts.tpm.failure_mode = FailureMode{0x101, {0x0a, 0xff}};
  const Report report = report_of(facts, {result("session.open", Verdict::pass), failed});
  EXPECT_THAT(ids(report), ElementsAre("Q63"));
  EXPECT_THAT(finding(report, "Q63").diagnosis,
              AllOf(HasSubstr("says 0x101"), HasSubstr("data 0aff")));
  EXPECT_THAT(finding(report, "Q63").probes, ElementsAre("sign.ecdsa-p256-sha256"));
}

TEST(Recognise, CountsTheObjectsThatAreInTheWay) {
  RunFacts facts;
  facts.tpm.found_objects.foreign = 2;
  const Report report = report_of(facts, {refused("key.p256", Verdict::blocked, 0xb0902, 0x157)});
  EXPECT_THAT(ids(report), ElementsAre("Q14"));
  EXPECT_THAT(finding(report, "Q14").diagnosis, HasSubstr("2 objects of other programs"));
}

TEST(Recognise, TakesTheWordsOfVerdictsFromTheReport) {
  for (const auto verdict :
       {Verdict::pass, Verdict::fail, Verdict::mismatch, Verdict::quirk, Verdict::unsupported,
        Verdict::blocked, Verdict::error, Verdict::timeout}) {
    Quirk quirk;
    quirk.id = "Q99";
    quirk.symptoms.emplace_back().verdicts = {std::string(to_string(verdict))};
    const auto recognised =
        recognise(explain_results({result("key.p256", verdict)}), {}, std::span(&quirk, 1));
    EXPECT_THAT(recognised.defects, ElementsAre(testing::Field(&Finding::id, "Q99")));
  }
}

}  // namespace
}  // namespace tpmprobe::reports
