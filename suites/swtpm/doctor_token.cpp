// SPDX-License-Identifier: BSD-2-Clause
// Tokens of tpm2_ptool: wrong PINs, and a TPM that was cleared.
#include <filesystem>
#include <fstream>

#include "suites/swtpm/doctor_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;

class DoctorOfToken : public DoctorOnSwtpm {
 protected:
  void SetUp() override {
    DoctorOnSwtpm::SetUp();
    make_token();
  }

  /// Puts another primary where the token's parent was.
  void replace_parent(const Words& how) {
    const auto folder = tpm::PrivateDirectory::create();
    const std::string context = folder->path() / "p";
    Words words{"tpm2_createprimary", "-Q", "-C", "o", "-g", "sha256", "-c", context};
    words.insert(words.end(), how.begin(), how.end());
    tool(words);
    tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", context, "0x81000001"});
    tool({"tpm2_flushcontext", "-t"});
  }

  /// Runs what the doctor advises, and the commands that this advises.
  void put_back_as_told() {
    const auto run = run_tpmprobe(
        {"ssh", "--tcti", swtpm_->tcti(), "--check-store", "--format", "json"}, environment({}));
    const auto report = nlohmann::json::parse(run.output, nullptr, false);
    ASSERT_TRUE(report.is_object()) << run.errors;
    const auto advice = result_of(report, "store.1.tokens").at("advice").get<std::string>();
    ASSERT_THAT(advice, HasSubstr("tpm2_createprimary"));
    const auto folder = tpm::PrivateDirectory::create();
    tool({"sh", "-c",
          "set -e; cd " + folder->path().string() + "; " +
              advice.substr(advice.find("tpm2_createprimary"))});
    tool({"tpm2_flushcontext", "-t"});
  }

  std::string first_evidence() { return first_of(examine(1)).at("evidence"); }
};

TEST_F(DoctorOfToken, LockoutByWrongPins) {
  tool({"tpm2_dictionarylockout", "-s", "-n", "2", "-t", "700", "-l", "60"});
  EXPECT_NE(ptool({"verify", "--label", "work", "--userpin", "wrong"}), 0);
  const auto warned = first_of(examine(1));
  EXPECT_EQ(warned.at("health"), "warn");
  EXPECT_THAT(
      warned.at("evidence").get<std::string>(),
      HasSubstr("1 of 2 failed attempts recorded, 1 left; one is forgotten within 11 min 40 s"));
  EXPECT_NE(ptool({"verify", "--label", "work", "--userpin", "wrong"}), 0);
  const auto first = first_of(examine(1));
  EXPECT_EQ(first.at("id"), "tpm.lockout");
  EXPECT_EQ(first.at("health"), "fail");
  EXPECT_THAT(first.at("evidence").get<std::string>(),
              HasSubstr("in lockout: 2 of 2 failed attempts recorded; one is forgotten within 11 "
                        "min 40 s, all within 23 min 20 s"));
  EXPECT_NE(ptool({"verify", "--label", "work", "--userpin", "1234"}), 0);  // it is true
  tool({"tpm2_dictionarylockout", "-c"});                                   // the doctor's advice
  EXPECT_EQ(ptool({"verify", "--label", "work", "--userpin", "1234"}), 0);
  examine(0);
}

TEST_F(DoctorOfToken, AClearTakesItsKeys) {
  const auto files = files_at_home();
  const auto whole = examine(0);
  EXPECT_EQ(line_of(whole, "pkcs11.store").at("evidence"),
            "~/.tpm2_pkcs11/tpm2_pkcs11.sqlite3: schema 8, token work, 1 key");
  EXPECT_EQ(line_of(whole, "pkcs11.primary").at("evidence"),
            "0x81000001 is the parent of work/laptop");
  tool({"tpm2_clear"});
  EXPECT_EQ(first_of(examine(1)).at("id"), "pkcs11.primary");
  EXPECT_THAT(first_evidence(), HasSubstr("permanently lost with it: work/laptop"));
  EXPECT_EQ(files_at_home(), files);
}

TEST_F(DoctorOfToken, AClearAndAnotherInit) {
  tool({"tpm2_clear"});
  replace_parent({"-G", "rsa"});
  EXPECT_THAT(first_evidence(), HasSubstr("the TPM was cleared: the key at 0x81000001 has "
                                          "tpm2_ptool's template but comes from another seed"));
}

TEST_F(DoctorOfToken, AParentThatWasEvicted) {
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "0x81000001"});
  const auto folder = tpm::PrivateDirectory::create();
  tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-c", folder->path() / "o"});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", folder->path() / "o", "0x81000005"});
  tool({"tpm2_flushcontext", "-t"});
  // Just written: the TPM's Clock has seconds and no less to be older by.
  std::filesystem::last_write_time(store() + "/tpm2_pkcs11.sqlite3",
                                   std::filesystem::file_time_type::clock::now());
  const auto first = first_of(examine(1));
  EXPECT_THAT(first.at("evidence").get<std::string>(),
              HasSubstr("not been cleared since the store file was last written: it was evicted"));
  EXPECT_THAT(first.at("fix").get<std::string>(), HasSubstr("Run: tpmprobe ssh --check-store"));
  put_back_as_told();
  examine(0);
  EXPECT_EQ(ptool({"verify", "--label", "work", "--userpin", "1234"}), 0);
}

TEST_F(DoctorOfToken, AParentOfFapiInItsPlaceTellsOfNoClear) {
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "0x81000001"});
  replace_parent({"-G", "ecc"});
  EXPECT_THAT(first_evidence(), HasSubstr("has another template: work/laptop may still be valid"));
}

TEST_F(DoctorOfToken, AParentOfAnotherTemplate) {
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "0x81000001"});
  replace_parent({"-G", "rsa", "-a",
                  "userwithauth|restricted|decrypt|noda|fixedtpm|fixedparent|sensitivedataorigin"});
  EXPECT_THAT(first_evidence(), HasSubstr("has another template: work/laptop may still be valid"));
}

TEST_F(DoctorOnSwtpm, ATransientParentIsUnknown) {
  std::filesystem::create_directory(store());
  ASSERT_EQ(ptool({"init", "--transient-parent", "tpm2-tools-default"}), 0);
  const auto line = line_of(examine(0), "pkcs11.primary");
  EXPECT_EQ(line.at("health"), "unknown");
  EXPECT_EQ(line.at("fix"), "Run: tpmprobe ssh --check-store");
}

class DoctorSince : public DoctorOnSwtpm {
 protected:
  std::string report_to(const char* name) {
    const auto path = (home_.path() / name).string();
    const auto made = run_tpmprobe(
        {"report", "--tcti", swtpm_->tcti(), "--only", "sign.ecdsa-p256-sha256", "-o", path});
    EXPECT_EQ(made.status.code, 0) << made.errors;
    return path;
  }
};

TEST_F(DoctorSince, AClearAndSeveralResetsLater) {
  const auto before = report_to("before.json");
  EXPECT_EQ(line_of(examine(0, {"--since", before}), "tpm.since").at("health"), "unknown");
  const auto same = report_to("same.json");
  EXPECT_EQ(line_of(examine(0, {"--since", before, "--now", same}), "tpm.since").at("health"),
            "ok");
  tool({"tpm2_clear"});
  EXPECT_THAT(first_of(examine(1, {"--since", before})).at("evidence").get<std::string>(),
              HasSubstr("its reset count fell"));
  for (int reset = 0; reset < 4; ++reset) {
    ASSERT_TRUE(swtpm_->restart(emulator::PowerOff::orderly));
  }
  // The count is above that of before: only the owner's seed tells.
  EXPECT_EQ(line_of(examine(0, {"--since", before}), "tpm.since").at("health"), "unknown");
  const auto now = report_to("now.json");
  const auto first = first_of(examine(1, {"--since", before, "--now", now}));
  EXPECT_EQ(first.at("id"), "tpm.since");
  EXPECT_THAT(first.at("evidence").get<std::string>(),
              HasSubstr("its owner seed now gives a different primary key"));
}

}  // namespace
}  // namespace tpmprobe::suites
