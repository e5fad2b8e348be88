// SPDX-License-Identifier: BSD-2-Clause
// FAPI with a configuration of its own, provisioned by tss2_provision.
#include <filesystem>
#include <fstream>

#include "suites/swtpm/doctor_support.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class DoctorOfFapi : public DoctorOnSwtpm {
 protected:
  void SetUp() override {
    DoctorOnSwtpm::SetUp();
    const std::string profiles = "/etc/tpm2-tss/fapi-profiles";
    if (!std::filesystem::exists(profiles)) GTEST_SKIP() << "FAPI's profiles are not here";
    std::filesystem::copy(profiles, at("profiles"));
    use_plain_template(at("profiles/P_RSA2048SHA256.json"));
    write_config("yes");
  }

  /// Releases of tss2 differ in it.
  static void use_plain_template(const std::string& file) {
    const std::string key = "\"srk_template\":";
    auto profile = content_of(file);
    const auto value = profile.find(key) + key.size();
    const auto end = profile.find('\n', value);
    profile.replace(value, end - value, " \"system,restricted,decrypt,0x81000001\",");
    std::ofstream(file) << profile;
  }

  [[nodiscard]] std::string at(const char* name) const { return folder_.path() / name; }

  void write_config(const char* without_certificate) {
    write_config("config.json", swtpm_->tcti(), without_certificate);
    write_config("looked-at.json", relay_->tcti(), without_certificate);
  }

  void write_config(const char* name, const std::string& tcti, const char* without_certificate) {
    std::ofstream(at(name)) << json{{"profile_name", "P_RSA2048SHA256"},
                                    {"profile_dir", at("profiles/")},
                                    {"user_dir", at("user/")},
                                    {"system_dir", at("system/")},
                                    {"log_dir", at("log/")},
                                    {"tcti", tcti},
                                    {"ek_cert_less", without_certificate},
                                    {"system_pcrs", json::array()}};
  }

  /// The doctor looks through the relay, so that is the same TPM for it.
  json look(int exit_code, const char* config = "looked-at.json") {
    return examine(exit_code, {}, {{"TSS2_FAPICONF", at(config)}});
  }

  int provision() {
    return run_program({"tss2_provision"}, {{"TSS2_FAPICONF", at("config.json")}}).status.code;
  }

  static std::string provisioned(const json& report) {
    return line_of(report, "fapi.provisioned").at("evidence");
  }

  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST_F(DoctorOfFapi, ProvisionedAndThenCleared) {
  EXPECT_THAT(provisioned(look(0)), HasSubstr("FAPI is not provisioned"));
  ASSERT_EQ(provision(), 0);
  const auto report = look(0);
  EXPECT_EQ(provisioned(report), "FAPI is provisioned");
  // Without -L it sets no password.
  EXPECT_THAT(line_of(report, "tpm.lockout-auth").at("evidence").get<std::string>(),
              HasSubstr("is not set"));
  tool({"tpm2_clear"});
  EXPECT_EQ(first_of(look(1)).at("id"), "fapi.provisioned");
  EXPECT_THAT(provisioned(look(0, "config.json")), HasSubstr("perhaps for a TPM other than"));
}

TEST_F(DoctorOfFapi, AKeyInTheWayOfItsSrk) {
  const auto folder = tpm::PrivateDirectory::create();
  const std::string context = folder->path() / "p";
  tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", context});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", context, "0x81000001"});
  tool({"tpm2_flushcontext", "-t"});
  EXPECT_EQ(first_of(look(1)).at("id"), "fapi.provisioned");
  EXPECT_NE(provision(), 0);  // it is true
}

TEST_F(DoctorOfFapi, TheKeyThatItWouldMakeItself) {
  const auto folder = tpm::PrivateDirectory::create();
  const std::string context = folder->path() / "p";
  tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "rsa", "-c", context});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", context, "0x81000001"});
  tool({"tpm2_flushcontext", "-t"});
  EXPECT_EQ(line_of(look(0), "fapi.provisioned").at("health"), "ok");
  EXPECT_EQ(provision(), 0);  // it is true
}

TEST_F(DoctorOfFapi, NoEkCertificate) {
  write_config("no");
  EXPECT_EQ(first_of(look(1)).at("id"), "fapi.ek-certificate");
  EXPECT_NE(provision(), 0);  // it is true
  write_config("yes");        // the doctor's advice
  look(0);
  EXPECT_EQ(provision(), 0);
}

}  // namespace
}  // namespace tpmprobe::suites
