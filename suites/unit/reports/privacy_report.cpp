// SPDX-License-Identifier: BSD-2-Clause
// A whole report in which every string names a person. The strings are found member by member here
// and by nothing of the program's, so that a member that redaction forgets is planted all the same;
// structured bindings take all members of a type or do not compile. Read ReportWithNames, then the
// tests.
#include <functional>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "reports/json/json_report.h"
#include "reports/privacy.h"
#include "reports/text/text_report.h"

namespace tpmprobe::reports {
namespace {

using Json = nlohmann::json;
using testing::IsEmpty;

const Secrets kSecrets{"/home/wilhelmina", "wilhelmina", "turingery.example.org"};
constexpr std::string_view kNames =
    " /home/wilhelmina/tpm2, wilhelmina@turingery.example.org, (wilhelmina) on \"turingery\"";

bool names_a_person(std::string_view text) {
  return text.find("wilhelmina") != std::string_view::npos ||
         text.find("turingery") != std::string_view::npos;
}

/// What is a word of the program's own or the TPM's, and stays as it is.
const std::set<std::string> kWords{
    "tool_version",
    "invocation.started",
    "host.architecture",
    "host.packages.name",
    "tpm.manufacturer",
    "tpm.manufacturer_name",
    "tpm.vendor_string",
    "tpm.firmware",
    "tpm.spec_revision",
    "tpm.spec_date",
    "tpm.spec_level",
    "tpm.ptp",
    "tpm.owner_primary_name",
    "tpm.hierarchies.name",
    "result.id",
    "result.title",
    "result.quirk",
    "result.evidence",
    "result.layer",
    "use.id",
    "use.title",
    "finding.id",
    "finding.title",
    "finding.probes",
    "advice.use",
};

/// Every string of a report, with the name of the member that it is.
class StringsOf {
 public:
  using Visit = std::function<void(const std::string& member, std::string& text)>;

  StringsOf(Report& report, Visit visit) : visit_(std::move(visit)) {
    static_assert(sizeof(Report) == sizeof(RunFacts) + sizeof(Decisions) + sizeof(report.results) +
                                        sizeof(report.findings));
    auto& [tool_version, invocation, host, tpm, emulation, capabilities] =
        static_cast<RunFacts&>(report);
    auto& [uses, recommended, avoid] = static_cast<Decisions&>(report);
    take("tool_version", tool_version);
    of(invocation);
    of(host);
    of(tpm);
    of(emulation.value());
    for (auto& reported : report.results) of(reported);
    for (auto& use : uses) of(use);
    for (auto& finding : report.findings) of(finding);
    for (auto* list : {&recommended, &avoid}) {
      for (auto& advice : *list) of(advice);
    }
  }

  /// Members in which no string was.
  [[nodiscard]] std::set<std::string> empty() const {
    std::set<std::string> rest = named_;
    for (const auto& member : met_) rest.erase(member);
    return rest;
  }

 private:
  void take(const std::string& member, std::string& text) {
    named_.insert(member);
    met_.insert(member);
    visit_(member, text);
  }
  void take(const std::string& member, std::optional<std::string>& text) {
    named_.insert(member);
    if (text) take(member, *text);
  }
  void take(const std::string& member, std::vector<std::string>& texts) {
    named_.insert(member);
    for (auto& text : texts) take(member, text);
  }

  void of(Invocation& invocation) {
    auto& [argv, started, duration_ms, exit_code] = invocation;
    take("invocation.argv", argv);
    take("invocation.started", started);
  }
  void of(Host& host) {
    auto& [kernel, distribution, architecture, packages] = host;
    take("host.kernel", kernel);
    take("host.distribution", distribution);
    take("host.architecture", architecture);
    for (auto& [name, version] : packages) {
      take("host.packages.name", name);
      take("host.packages.version", version);
    }
  }
  void of(Identity& tpm) {
    auto& [manufacturer, manufacturer_name, vendor_string, firmware, spec_revision, spec_date,
           spec_level, fips_140_2, ptp, kind, kind_reason, transport, reset_count,
           owner_primary_name, lockout, hierarchies, failure_mode, found_objects] = tpm;
    take("tpm.manufacturer", manufacturer);
    take("tpm.manufacturer_name", manufacturer_name);
    take("tpm.vendor_string", vendor_string);
    take("tpm.firmware", firmware);
    take("tpm.spec_revision", spec_revision);
    take("tpm.spec_date", spec_date);
    take("tpm.spec_level", spec_level);
    take("tpm.ptp", ptp);
    take("tpm.kind_reason", kind_reason);
    take("tpm.transport", transport);
    take("tpm.owner_primary_name", owner_primary_name);
    for (auto& [name, enabled, auth_set] : hierarchies) take("tpm.hierarchies.name", name);
  }
  void of(Emulation& emulation) {
    auto& [firmware, quirks, missing] = emulation;
    take("emulation.firmware", firmware);
    take("emulation.quirks", quirks);
    take("emulation.missing", missing);
  }
  void of(ReportedResult& reported) {
    auto& [result, explanation, advice] = reported;
    of(result);
    take("reported.explanation", explanation);
    take("reported.advice", advice);
  }
  void of(Result& result) {
    auto& [id, title, verdict, duration_ms, tpm_commands, tpm_ms, expected, actual, rc, command,
           cause, advice, quirk, verified_by, evidence, layer, lines, steps, keygen_ms, sign_ms] =
        result;
    auto text = to_string(id);
    take("result.id", text);
    id = parse_id(text);
    take("result.title", title);
    take("result.expected", expected);
    take("result.actual", actual);
    take("result.cause", cause);
    take("result.advice", advice);
    take("result.quirk", quirk);
    take("result.verified_by", verified_by);
    take("result.evidence", evidence);
    take("result.layer", layer);
    take("result.lines", lines);
  }
  void of(Use& use) {
    auto& [id, title, verdict, reasons, sign_ms, keygen_ms] = use;
    take("use.id", id);
    take("use.title", title);
    take("use.reasons", reasons);
  }
  void of(Finding& finding) {
    auto& [id, severity, title, diagnosis, advice, probes] = finding;
    take("finding.id", id);
    take("finding.title", title);
    take("finding.diagnosis", diagnosis);
    take("finding.advice", advice);
    take("finding.probes", probes);
  }
  void of(Advice& advice) {
    auto& [use, text] = advice;
    take("advice.use", use);
    take("advice.text", text);
  }

  Visit visit_;
  std::set<std::string> named_, met_;
};

/// A result that failed; without what knowledge says of it, or with it.
ReportedResult failed_result(bool explained) {
  ReportedResult reported;
  auto& result = reported.result;
  result.id = parse_id("sign.ecdsa-p384-sha384");
  result.title = "ECDSA signs";
  result.verdict = Verdict::fail;
  result.expected = "a signature";
  result.actual = "none";
  result.rc = 0x1d5;
  result.command = 0x15d;
  result.quirk = "Q01";
  result.verified_by = {"OpenSSL"};
  result.evidence = {"answer.none"};
  result.layer = "TPM";
  result.lines = {"a line"};
  (explained ? reported.explanation : result.cause) = "a reason";
  (explained ? reported.advice : result.advice) = "an advice";
  return reported;
}

/// A report with something in every member.
Report full_report() {
  Report report;
  report.tool_version = "0.1.0";
  report.invocation = {{"tpmprobe"}, "2026-11-23T21:56:32Z", 1, 0};
  report.host = {"Linux", "Debian", "x86_64", {{"tpm2-tss", "3.2.1"}}};
  auto& tpm = report.tpm;
  for (auto* word :
       {&tpm.manufacturer, &tpm.manufacturer_name, &tpm.vendor_string, &tpm.firmware,
        &tpm.spec_revision, &tpm.spec_date, &tpm.spec_level, &tpm.ptp, &tpm.owner_primary_name}) {
    *word = "word";
  }
  tpm.kind = TpmKind::emulator;
  tpm.kind_reason = "it says so";
  tpm.transport = "device:/dev/tpm0";
  tpm.lockout.emplace();
  tpm.failure_mode = FailureMode{0x101, {1}};
  tpm.hierarchies = {{"owner", true, false}};
  report.emulation = Emulation{"file", {"Q01"}, {"nothing"}};
  report.results = {failed_result(false), failed_result(true)};
  report.uses = {{"ssh.rsa2048", "ssh key", Usability::limited, {"reason"}, 1, 1}};
  report.findings = {{"Q01", Severity::warning, "title", "diagnosis", "advice", {"sign.x"}}};
  report.recommended = {{"ssh.rsa2048", "good"}};
  report.avoid = {{"ssh.rsa4096", "bad"}};
  return report;
}

/// The report with names in every string that `chosen` takes.
Report report_with_names(const std::function<bool(const std::string& member)>& chosen) {
  Report report = full_report();
  StringsOf(report, [&](const std::string& member, std::string& text) {
    if (chosen(member)) text += kNames;
  });
  return report;
}

bool is_text(const std::string& member) {
  return !kWords.contains(member);
}

std::string json_of(const Report& report) {
  std::ostringstream shown;
  write_json(report, shown);
  return shown.str();
}

/// Both forms, the text so wide that no name is broken at the end of a line.
std::string everything_of(const Report& report) {
  std::ostringstream shown;
  write_text(report, {2000, false, true, false}, shown);
  return json_of(report) + shown.str();
}

TEST(ReportWithNames, HasOneInEveryMember) {
  Report report = full_report();
  std::set<std::string> members;
  const StringsOf strings(report, [&](const std::string& member, std::string& text) {
    EXPECT_FALSE(text.empty()) << member;
    members.insert(member);
  });
  EXPECT_THAT(strings.empty(), IsEmpty());
  EXPECT_THAT(kWords, testing::IsSubsetOf(members));
}

// The other way round: what a reader of the JSON meets.
TEST(ReportWithNames, HasOneInEveryStringOfTheJson) {
  const std::set<std::string> fixed{
      "/tool/name",    "/tpm/kind",           "/tpm/lockout/words", "/tpm/failure_mode/test_result",
      "/results/rc",   "/results/command/id", "/results/verdict",   "/tpm/failure_mode/out_data",
      "/uses/verdict", "/schema_version",     "/findings/severity", "/results/command/name"};
  const auto flat =
      Json::parse(json_of(report_with_names([](const auto&) { return true; }))).flatten();
  ASSERT_FALSE(flat.empty());
  for (const auto& [pointer, value] : flat.items()) {
    if (!value.is_string() || names_a_person(value.get<std::string>())) continue;
    std::string place;
    std::istringstream parts(pointer.substr(1));
    for (std::string part; std::getline(parts, part, '/');) {
      if (part.find_first_not_of("0123456789") != std::string::npos) place += "/" + part;
    }
    EXPECT_TRUE(fixed.contains(place)) << pointer << " is planted nowhere: " << value;
  }
}

TEST(Redact, LeavesNoNameInAnyTextOfAnyFormat) {
  Report report = report_with_names(is_text);
  ASSERT_TRUE(names_a_person(everything_of(report)));
  report = redacted(std::move(report), kSecrets);
  StringsOf(report, [](const std::string& member, std::string& text) {
    EXPECT_FALSE(names_a_person(text)) << member << ": " << text;
  });
  const auto shown = everything_of(report);
  EXPECT_FALSE(names_a_person(shown)) << shown;
  EXPECT_THAT(shown, testing::HasSubstr("~/tpm2, USER@HOST"));
}

TEST(Redact, LeavesTheWordsOfTheProgramAndOfTheTpm) {
  Report report = report_with_names([](const auto& member) { return !is_text(member); });
  const auto before = everything_of(report);
  report = redacted(std::move(report), kSecrets);
  EXPECT_EQ(everything_of(report), before);
}

// A text that redaction forgets is shown somewhere, so the test above would see it.
TEST(Redact, WouldBeSeenToForgetAnyText) {
  std::size_t count = 0, forgotten = 0;
  Report all = full_report();
  StringsOf(all, [&](const std::string&, std::string&) { ++count; });
  for (std::size_t chosen = 0; chosen < count; ++chosen) {
    Report report = report_with_names(is_text);
    report = redacted(std::move(report), kSecrets);
    std::size_t number = 0;
    std::string name;
    StringsOf(report, [&](const std::string& member, std::string& text) {
      if (number++ != chosen || !is_text(member)) return;
      name = member;
      text += kNames;
    });
    if (name.empty()) continue;
    ++forgotten;
    EXPECT_TRUE(names_a_person(everything_of(report))) << name;
  }
  EXPECT_GT(forgotten, 0U);
}

}  // namespace
}  // namespace tpmprobe::reports
