// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>

#include "suites/swtpm/private_broker.h"
#include "suites/swtpm/report_support.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class DoctorOnSwtpm : public ReportOnSwtpm {
 protected:
  json examine(int exit_code, const Words& more = {}) {
    Words words{"doctor", "--tcti", swtpm_->tcti(), "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto run = run_tpmprobe(words, {{"HOME", home_.path().string()},
                                          {"TPM2_PKCS11_STORE", std::nullopt},
                                          {"TSS2_FAPICONF", (home_.path() / "none").string()}});
    EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
    return json::parse(run.output, nullptr, false);
  }

  static json line_of(const json& report, std::string_view id) {
    for (const auto& line : report.at("checks")) {
      if (line.at("id") == id) return line;
    }
    return {{"health", "none"}, {"evidence", ""}};
  }

  static json first_failure(const json& report) {
    const auto& first = report.at("checks").at(0);
    return first.at("health") == "fail" ? first : json{{"id", "none"}, {"evidence", ""}};
  }

  [[nodiscard]] std::size_t files_at_home() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::recursive_directory_iterator(home_.path()), {}));
  }

  tpm::PrivateDirectory home_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST_F(DoctorOnSwtpm, NothingIsWrongAndNothingIsLeft) {
  const auto report = examine(0);
  EXPECT_EQ(line_of(report, "tpm.lockout").at("health"), "ok");
  EXPECT_EQ(line_of(report, "tpm.owner").at("health"), "ok");
  EXPECT_EQ(report.at("summary").at("fail"), 0);
  EXPECT_EQ(files_at_home(), 0u);
}

TEST_F(DoctorOnSwtpm, LockoutByRealWrongPins) {
  const auto folder = tpm::PrivateDirectory::create();
  const auto file = [&](const char* name) { return (folder->path() / name).string(); };
  tool({"tpm2_dictionarylockout", "-s", "-n", "2", "-t", "600", "-l", "60"});
  tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-p", "right", "-c", file("key")});
  for (int wrong = 0; wrong < 3; ++wrong) {
    run_program(
        {"tpm2_create", "-Q", "-C", file("key"), "-P", "wrong", "-u", file("u"), "-r", file("r")},
        {{"TPM2TOOLS_TCTI", swtpm_->tcti()}});
    tool({"tpm2_flushcontext", "-t"});
  }
  const auto first = first_failure(examine(1));
  EXPECT_EQ(first.at("id"), "tpm.lockout");
  EXPECT_THAT(
      first.at("evidence").get<std::string>(),
      HasSubstr("in lockout: 2 of 2 wrong tries are counted; one more try in at most 10 min "
                "0 s, all in 20 min 0 s"));
}

TEST_F(DoctorOnSwtpm, AClearTakesTheKeysOfAToken) {
  const auto store = home_.path() / ".tpm2_pkcs11";
  std::filesystem::create_directory(store);
  {
    const PrivateBroker broker(swtpm_->tcti());
    const Environment environment{{"DBUS_SESSION_BUS_ADDRESS", broker.address()},
                                  {"TPM2TOOLS_TCTI", "tabrmd:bus_type=session"},
                                  {"TPM2_PKCS11_TCTI", "tabrmd:bus_type=session"},
                                  {"PYTHONDONTWRITEBYTECODE", "1"}};
    for (const Words& words :
         {Words{"init"},
          Words{"addtoken", "--pid", "1", "--label", "work", "--sopin", "1", "--userpin", "1234"},
          Words{"addkey", "--algorithm", "ecc256", "--label", "work", "--userpin", "1234",
                "--key-label", "laptop"}}) {
      Words argv{"tpm2_ptool"};
      argv.insert(argv.end(), words.begin(), words.end());
      argv.insert(argv.end(), {"--path", store.string()});
      const auto run = run_program(argv, environment);
      ASSERT_TRUE(run.status.succeeded()) << run.errors;
    }
  }
  const auto files = files_at_home();
  EXPECT_THAT(line_of(examine(0), "pkcs11.primary").at("evidence").get<std::string>(),
              HasSubstr("0x81000001 is the parent of work/laptop"));
  tool({"tpm2_clear"});
  const auto first = first_failure(examine(1));
  EXPECT_EQ(first.at("id"), "pkcs11.primary");
  EXPECT_THAT(first.at("evidence").get<std::string>(), HasSubstr("for good: work/laptop"));
  tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", (store / "p").string()});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", (store / "p").string(), "0x81000001"});
  EXPECT_THAT(first_failure(examine(1)).at("evidence").get<std::string>(),
              HasSubstr("another key is at 0x81000001"));
  std::filesystem::remove(store / "p");
  EXPECT_EQ(files_at_home(), files);
}

TEST_F(DoctorOnSwtpm, SinceAnEarlierReport) {
  const auto before = (home_.path() / "before.json").string();
  const auto made =
      run_tpmprobe({"report", "--tcti", swtpm_->tcti(), "--only", "rng.*", "-o", before});
  ASSERT_EQ(made.status.code, 0) << made.errors;
  EXPECT_EQ(line_of(examine(0, {"--since", before}), "tpm.since").at("health"), "ok");
  const auto wrong = run_tpmprobe({"doctor", "--emulated", "--since", "/nonexistent"});
  EXPECT_EQ(wrong.status.code, 2);
}

TEST(Doctor, WithoutTpmTheOtherLinesAreThere) {
  const auto run =
      run_tpmprobe({"doctor", "--tcti", "swtpm:path=/nonexistent", "--format", "json"});
  EXPECT_EQ(run.status.code, 3);
  EXPECT_THAT(run.output, HasSubstr("\"tpm.answers\""));
  EXPECT_THAT(run.output, HasSubstr("\"device.nodes\""));
}

}  // namespace
}  // namespace tpmprobe::suites
