// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe ssh --check-store` on stores that tpm2_ptool really made.
#include <filesystem>

#include "suites/swtpm/private_broker.h"
#include "suites/swtpm/walk_support.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class StoreCheck : public ReportOnSwtpm {
 protected:
  /// A store with one token and one key, as this `init` makes it.
  void make_store(const Words& init) {
    const PrivateBroker broker(swtpm_->tcti());
    std::filesystem::create_directory(store());
    ptool(broker, init);
    ptool(broker,
          {"addtoken", "--pid", "1", "--label", "work", "--sopin", "1", "--userpin", "1234"});
    ptool(broker, {"addkey", "--algorithm", "ecc256", "--label", "work", "--userpin", "1234",
                   "--key-label", "laptop"});
    written_ = std::filesystem::last_write_time(store() / "tpm2_pkcs11.sqlite3");
  }

  void ptool(const PrivateBroker& broker, const Words& words) const {
    Words argv{"tpm2_ptool"};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.insert(argv.end(), {"--path", store().string()});
    const auto run = run_program(argv, {{"DBUS_SESSION_BUS_ADDRESS", broker.address()},
                                        {"TPM2TOOLS_TCTI", "tabrmd:bus_type=session"},
                                        {"PYTHONDONTWRITEBYTECODE", "1"}});
    ASSERT_TRUE(run.status.succeeded()) << run.errors;
  }

  [[nodiscard]] std::filesystem::path store() const { return home_.path() / ".tpm2_pkcs11"; }

  /// Looks at it; whatever it finds, nothing is changed or left.
  json check(int exit_code) {
    const auto run = run_tpmprobe(words(), environment());
    EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
    EXPECT_TRUE(transient().empty());
    EXPECT_THAT(tool({"tpm2_getcap", "properties-variable"}),
                HasSubstr("TPM2_PT_LOCKOUT_COUNTER: 0x0"));
    if (std::filesystem::exists(store())) {
      EXPECT_EQ(std::filesystem::last_write_time(store() / "tpm2_pkcs11.sqlite3"), written_);
      EXPECT_EQ(std::distance(std::filesystem::directory_iterator(store()), {}), 1);
    }
    return validated_report(run.output);
  }

  [[nodiscard]] Words words() const {
    return {"ssh", "--tcti", swtpm_->tcti(), "--check-store", "--format", "json"};
  }

  [[nodiscard]] Environment environment() const {
    return {{"HOME", home_.path().string()}, {"TPM2_PKCS11_STORE", std::nullopt}};
  }

  static std::string only_finding(const json& report) {
    const auto& findings = report.at("findings");
    return findings.size() == 1 ? findings[0].at("diagnosis").get<std::string>() : "";
  }

  /// Changes the store as a user with sqlite3 would.
  void change(const std::string& sql) {
    const auto file = store() / "tpm2_pkcs11.sqlite3";
    ASSERT_TRUE(run_program({"sqlite3", file.string(), sql}).status.succeeded());
    written_ = std::filesystem::last_write_time(file);
  }

  tpm::PrivateDirectory home_ = std::move(tpm::PrivateDirectory::create().value());
  std::filesystem::file_time_type written_;
};

class StoreCheckOfTemplate : public StoreCheck,
                             public ::testing::WithParamInterface<const char*> {};

TEST_P(StoreCheckOfTemplate, ATransientParentIsMadeAgainAndIsGoneWithAClear) {
  make_store({"init", "--transient-parent", GetParam()});
  const auto good = check(0);
  EXPECT_EQ(verdict_of(good, "store.1.parent"), "pass");
  EXPECT_EQ(verdict_of(good, "store.1.tokens"), "pass");
  tool({"tpm2_clear"});
  const auto cleared = check(1);
  EXPECT_EQ(verdict_of(cleared, "store.1.tokens"), "fail");
  EXPECT_THAT(only_finding(cleared),
              HasSubstr("The TPM was cleared, and these keys are permanently lost: work/laptop"));
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, StoreCheckOfTemplate,
                         ::testing::Values("tpm2-tools-default", "tpm2-tools-ecc-default",
                                           "tss2-engine-key"));

TEST_F(StoreCheck, AParentOfAnotherTemplateIsNoClear) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  change(
      "UPDATE pobjects SET config = replace(config, 'tpm2-tools-ecc-default', "
      "'tpm2-tools-default')");
  const auto report = check(1);
  EXPECT_THAT(only_finding(report), HasSubstr("its tokens were created under another template"));
  EXPECT_THAT(result_of(report, "store.1.tokens").at("advice").get<std::string>(),
              HasSubstr("template-name: tpm2-tools-ecc-default"));
}

TEST_F(StoreCheck, APersistentParentThatWasEvictedCanBePutBackAsItSays) {
  make_store({"init"});
  EXPECT_EQ(verdict_of(check(0), "store.1.parent"), "pass");
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "0x81000001"});
  const auto report = check(1);
  EXPECT_EQ(verdict_of(report, "store.1.parent"), "fail");
  EXPECT_THAT(only_finding(report), HasSubstr("The keys are not lost"));
  const auto advice = result_of(report, "store.1.tokens").at("advice").get<std::string>();
  const std::string context = home_.path() / "parent.ctx";
  auto commands = advice.substr(advice.find("tpm2_createprimary"));
  for (auto at = commands.find("parent.ctx"); at != std::string::npos;
       at = commands.find("parent.ctx", at + context.size())) {
    commands.replace(at, std::string("parent.ctx").size(), context);
  }
  tool({"sh", "-c", "set -e; " + commands});
  tool({"tpm2_flushcontext", "-t"});
  EXPECT_EQ(verdict_of(check(0), "store.1.parent"), "pass");
}

TEST_F(StoreCheck, APersistentParentOfAClearedTpm) {
  make_store({"init"});
  tool({"tpm2_clear"});
  const auto report = check(1);
  EXPECT_THAT(only_finding(report), HasSubstr("permanently lost: work/laptop"));
  tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "rsa", "-c", (home_.path() / "p").string()});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", (home_.path() / "p").string(), "0x81000001"});
  tool({"tpm2_flushcontext", "-t"});
  const auto again = check(1);
  EXPECT_THAT(result_of(again, "store.1.parent").at("actual").get<std::string>(),
              HasSubstr("there is another key at 0x81000001"));
  EXPECT_THAT(only_finding(again), HasSubstr("permanently lost: work/laptop"));
}

TEST_F(StoreCheck, AContextOfAnEarlierBootIsNamed) {
  make_store({"init"});
  change("UPDATE pobjects SET config = replace(config, '81000001', '80ffffff')");
  const auto report = check(1);
  EXPECT_EQ(verdict_of(report, "store.1.parent"), "fail");
  EXPECT_THAT(result_of(report, "store.1.parent").at("actual").get<std::string>(),
              HasSubstr("names 0x80ffffff, which is not a persistent handle"));
  EXPECT_THAT(only_finding(report), HasSubstr("not lost"));
  EXPECT_THAT(result_of(report, "store.1.tokens").at("advice").get<std::string>(),
              HasSubstr("transient: true and template-name: tpm2-tools-default"));
}

TEST_F(StoreCheck, APasswordIsNotGuessed) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  tool({"tpm2_changeauth", "-c", "owner", "secret"});
  const auto report = check(1);
  EXPECT_EQ(verdict_of(report, "store.1.parent"), "blocked");
  EXPECT_THAT(only_finding(report), HasSubstr("has a password, which is not guessed"));
}

TEST_F(StoreCheck, LockoutIsNoClear) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  tool({"tpm2_dictionarylockout", "-s", "-n", "1", "-t", "600", "-l", "60"});
  const std::string context = home_.path() / "key";
  tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-p", "right", "-c", context});
  run_program(
      {"tpm2_create", "-Q", "-C", context, "-P", "wrong", "-u", "/dev/null", "-r", "/dev/null"},
      {{"TPM2TOOLS_TCTI", swtpm_->tcti()}});
  tool({"tpm2_flushcontext", "-t"});
  const auto run = run_tpmprobe(words(), environment());
  EXPECT_EQ(run.status.code, 4) << run.output;
  const auto report = validated_report(run.output);
  EXPECT_EQ(verdict_of(report, "store.1.tokens"), "blocked");
  EXPECT_EQ(result_of(report, "store.1.tokens").at("rc"), "0x921");
  EXPECT_THAT(run.output, ::testing::Not(HasSubstr("permanently lost")));
}

TEST_F(StoreCheck, AnObjectThatCannotBeReadCondemnsNothing) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  change(
      "INSERT INTO tokens(id, pid, label, config) VALUES(9, 1, 'odd', ''); INSERT INTO "
      "sealobjects(tokid, sopub, sopriv, soauthsalt) VALUES(9, x'0002ffff', x'00', '')");
  EXPECT_EQ(verdict_of(check(0), "store.1.tokens"), "pass");
  change("UPDATE sealobjects SET sopub = x'00', sopriv = x'ffff'");
  const auto report = check(1);
  EXPECT_EQ(verdict_of(report, "store.1.tokens"), "blocked");
  EXPECT_THAT(only_finding(report), HasSubstr("cannot be read"));
}

TEST_F(StoreCheck, AStoreWithoutATokenProvesNothing) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  change("DELETE FROM sealobjects; DELETE FROM tobjects; DELETE FROM tokens");
  EXPECT_EQ(verdict_of(check(0), "store.1.tokens"), "unsupported");
}

TEST_F(StoreCheck, APrimaryThatCannotBeReadIsNotJudged) {
  make_store({"init", "--transient-parent", "tpm2-tools-ecc-default"});
  change("UPDATE pobjects SET config = 'what is this'");
  EXPECT_EQ(verdict_of(check(1), "store.1.parent"), "blocked");
}

TEST_F(StoreCheck, WhereThereIsNoStoreItSaysWhereItLooked) {
  const auto report = check(1);
  EXPECT_EQ(verdict_of(report, "store.file"), "blocked");
  EXPECT_THAT(only_finding(report), HasSubstr("no store in ~/.tpm2_pkcs11"));
}

TEST_F(StoreCheck, GoesWithNoWay) {
  EXPECT_EQ(run_tpmprobe({"ssh", "--check-store", "--only", "*.ecc256"}).status.code, 2);
}

TEST_F(StoreCheck, IsNeverHeldAgainstTheTpmInsideTpmprobe) {
  const auto run = run_tpmprobe({"ssh", "--emulated", "--check-store"});
  EXPECT_EQ(run.status.code, 2);
  EXPECT_EQ(run.errors, "tpmprobe ssh: --emulated excludes --check-store\n");
}

}  // namespace
}  // namespace tpmprobe::suites
