// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of FAPI.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;

constexpr const char* kKeystore = "/var/lib/tpm2-tss/system/keystore";

class DoctorOfFapi : public Doctor {
 protected:
  void provision() {
    write(std::string(kKeystore) + "/P_RSA2048SHA256/HS/SRK/object.json", "{}");
    put(0x81000002, {"000b22", form_of(tpm::ParentTemplate::tools_rsa)});
  }
};

TEST_F(DoctorOfFapi, AConfigThatIsNoJson) {
  write("/etc/tpm2-tss/fapi-config.json", "{");
  EXPECT_EQ(first().id, "fapi.config");
  EXPECT_THAT(first().evidence, HasSubstr("not a JSON object"));
}

TEST_F(DoctorOfFapi, ReadsWhatJsonCReads) {
  write("/etc/tpm2-tss/fapi-config.json",
        R"({"profile_name": "P_RSA2048SHA256", // ours, {and} others
            "profile_dir": "/etc/tpm2-tss/fapi-profiles/", "system_pcrs": [1, 2, ], })");
  EXPECT_EQ(line("fapi.config").evidence, "FAPI uses profile P_RSA2048SHA256");
}

TEST_F(DoctorOfFapi, AProfileThatIsNoJson) {
  write("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json", "{\"srk_template\": ");
  EXPECT_EQ(first().id, "fapi.config");
  EXPECT_THAT(first().evidence, HasSubstr("profile P_RSA2048SHA256 is not a JSON object"));
}

TEST_F(DoctorOfFapi, AProfileOfNewerSoftware) {
  write("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json",
        R"({"srk_template": "system,user,restricted,decrypt,0x81000002"})");
  EXPECT_EQ(first().id, "fapi.config");
  EXPECT_THAT(first().evidence, HasSubstr("written for tss2 4"));
}

TEST_F(DoctorOfFapi, ProvisionedOrNot) {
  EXPECT_THAT(line("fapi.provisioned").evidence, HasSubstr("FAPI is not provisioned"));
  provision();
  EXPECT_EQ(line("fapi.provisioned").evidence, "FAPI is provisioned");
  EXPECT_EQ(line("fapi.ek-certificate").id, "no such line");  // nobody asks any more
  evict(0x81000002);
  EXPECT_EQ(first().id, "fapi.provisioned");
  EXPECT_THAT(first().evidence, HasSubstr("is gone: the TPM was cleared, or the SRK was evicted"));
  EXPECT_EQ(first().fix,
            "Do not delete the contents of /var/lib/tpm2-tss/system/keystore: move them elsewhere, "
            "and run: tss2_provision. The keys are permanently lost only if the TPM was cleared.");
}

TEST_F(DoctorOfFapi, AnSrkThatWasNotReadIsNotGone) {
  provision();
  make_unreadable(0x81000002);
  EXPECT_EQ(line("fapi.provisioned").health, Health::unknown);
  EXPECT_THAT(line("fapi.provisioned").evidence, HasSubstr("could not be read"));
  machine_.tpm.capabilities.handles.persistent.reset();
  EXPECT_EQ(line("fapi.provisioned").health, Health::unknown);
}

TEST_F(DoctorOfFapi, AKeystoreOfAnotherTpm) {
  provision();
  evict(0x81000002);
  write("/etc/tpm2-tss/fapi-config.json",
        R"({"profile_name": "P_RSA2048SHA256", "profile_dir": "/etc/tpm2-tss/fapi-profiles/",
            "system_dir": "/var/lib/tpm2-tss/system/keystore", "tcti": "swtpm:port=2321"})");
  EXPECT_EQ(line("fapi.provisioned").health, Health::unknown);
  EXPECT_THAT(line("fapi.provisioned").evidence, HasSubstr("a TPM other than device:/dev/tpm0"));
  machine_.tcti = "swtpm:port=2321";
  EXPECT_EQ(line("fapi.provisioned").health, Health::fail);
}

TEST_F(DoctorOfFapi, ARelativeConfigIsOfTheWorkingDirectory) {
  write("/home/alice/work/mine.json", R"({"profile_name": "P_MINE", "profile_dir": "profiles"})");
  write("/home/alice/work/profiles/P_MINE.json", "{}");
  set("TSS2_FAPICONF", "mine.json");
  EXPECT_EQ(line("fapi.config").evidence, "FAPI uses profile P_MINE");
}

TEST_F(DoctorOfFapi, AnotherKeyWhereItsSrkShallBe) {
  put(0x81000002, {"000b22", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_EQ(line("fapi.provisioned").health, Health::ok);  // the one that it would make
  put(0x81000002, {"000b22", form_of(tpm::ParentTemplate::tools_ecc)});
  EXPECT_EQ(first().id, "fapi.provisioned");
  EXPECT_THAT(first().evidence, HasSubstr("there is a key with another template at 0x81000002"));
}

TEST_F(DoctorOfFapi, AProfileWithATemplateOfItsOwn) {
  write("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json",
        R"({"srk_template": "system,restricted,decrypt,noda,0x81000002"})");
  EXPECT_EQ(line("fapi.provisioned").health, Health::ok);
  put(0x81000002, {"000b22", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_EQ(line("fapi.provisioned").health, Health::unknown);
}

TEST_F(DoctorOfFapi, AnotherProfileHasACertificate) {
  write("/etc/tpm2-tss/fapi-profiles/P_ECCP256SHA256.json", "{}");
  write("/etc/tpm2-tss/fapi-config.json",
        R"({"profile_name": "P_ECCP256SHA256", "profile_dir": "/etc/tpm2-tss/fapi-profiles/"})");
  EXPECT_EQ(first().id, "fapi.ek-certificate");
  EXPECT_THAT(first().fix, HasSubstr("to P_RSA2048SHA256: the TPM has a certificate"));
}

TEST_F(DoctorOfFapi, ACertificateWithoutItsIssuersAddress) {
  machine_.tpm.ek_certificates.front().certificate->has_issuer_url = false;
  EXPECT_EQ(first().id, "fapi.ek-certificate");
  EXPECT_THAT(first().evidence, HasSubstr("0x60025"));
}

TEST_F(DoctorOfFapi, AKeystoreThatThisUserMayNotWrite) {
  files_["/var/lib"] = {"root", "root", 0755, false};
  EXPECT_EQ(first().id, "fapi.directories");
  EXPECT_THAT(first().evidence, HasSubstr("/var/lib is root:root 0755"));
  files_[kKeystore] = {"tss", "tss", 0775, true};
  EXPECT_EQ(line("fapi.directories").health, Health::ok);
}

}  // namespace
}  // namespace tpmprobe::doctor
