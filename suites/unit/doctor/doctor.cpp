// SPDX-License-Identifier: BSD-2-Clause
// Ten prepared machines, each broken in one way: the first line has to say which.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;

TEST_F(Doctor, AHealthyMachineHasNothingToMend) {
  make_store(1);
  for (const auto& line : examine(machine_)) {
    EXPECT_EQ(to_string(line.health), "ok") << line.id << ": " << line.evidence;
    EXPECT_EQ(line.fix, "") << line.id;
  }
  EXPECT_THAT(line("pkcs11.primary").evidence, HasSubstr("is the parent of work/k0"));
}

TEST_F(Doctor, Permissions) {
  files_["/dev/tpmrm0"].accessible = false;
  machine_.session_groups = machine_.database_groups = {"alice"};
  EXPECT_EQ(first().id, "access.groups");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence,
              HasSubstr("/dev/tpmrm0 is tss:tss 0660, and this user is not in group"));
  EXPECT_THAT(first().fix, HasSubstr("sudo usermod -aG tss $USER"));
}

TEST_F(Doctor, GroupNotActiveInThisSession) {
  files_["/dev/tpmrm0"].accessible = false;
  machine_.session_groups = {"alice"};
  EXPECT_EQ(first().id, "access.groups");
  EXPECT_THAT(first().evidence, HasSubstr("this user is in group tss, but this login session"));
  EXPECT_THAT(first().fix, HasSubstr("newgrp tss"));
}

TEST_F(Doctor, DeviceBusy) {
  machine_.holders = [](const std::string&) { return std::vector<std::string>{"oldtool (pid 7)"}; };
  EXPECT_EQ(first().id, "device.holders");
  EXPECT_THAT(first().evidence, HasSubstr("oldtool (pid 7) has /dev/tpm0 open"));
  machine_.holders = [](const std::string&) {
    return std::vector<std::string>{"tpm2-abrmd (pid 7)"};
  };
  EXPECT_EQ(line("device.holders").health, Health::ok);
}

TEST_F(Doctor, BrokerDown) {
  machine_.broker_on_bus = [] { return std::optional(false); };
  machine_.service = [](std::string_view) {
    return std::optional(ServiceState{"inactive", "disabled"});
  };
  EXPECT_EQ(line("abrmd.service").health, Health::ok);  // nobody asks for it
  set("TPM2TOOLS_TCTI", "tabrmd");
  EXPECT_EQ(first().id, "abrmd.service");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence, HasSubstr("its service is inactive and disabled"));
  EXPECT_THAT(first().fix, HasSubstr("systemctl enable --now tpm2-abrmd"));
}

TEST_F(Doctor, FapiProfileWrong) {
  std::filesystem::remove(tree_.path() / "etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json");
  EXPECT_EQ(first().id, "fapi.config");
  EXPECT_THAT(first().evidence, HasSubstr("profile P_RSA2048SHA256 is not in"));
}

TEST_F(Doctor, EkCertificateMissing) {
  machine_.tpm.capabilities.handles.nv_index = std::vector<std::uint32_t>{};
  machine_.tpm.ek_certificates.clear();
  EXPECT_EQ(first().id, "fapi.ek-certificate");
  EXPECT_THAT(first().fix, HasSubstr("\"ek_cert_less\": \"yes\","));
}

TEST_F(Doctor, AProfileOf3072BitsBreaksAll) {
  write("/etc/tpm2-tss/fapi-profiles/P_RSA3072SHA384.json", R"({"keyBits": 3072})");
  EXPECT_EQ(first().id, "fapi.profiles");
  EXPECT_THAT(first().evidence, HasSubstr("P_RSA3072SHA384.json"));
  for (auto& [name, version] : machine_.packages) {
    if (name.starts_with("libtss2-fapi")) version = "4.1.3-1";
  }
  EXPECT_EQ(first().health, Health::ok);
}

TEST_F(Doctor, StoreOfAClearedTpm) {
  make_store(2);
  evict(kSrk);
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_THAT(first().evidence,
              HasSubstr("0x81000001 is gone, as it would be if the TPM had been cleared"));
  EXPECT_THAT(first().evidence, HasSubstr("permanently lost with it: work/k0, work/k1"));
}

TEST_F(Doctor, TooManyKeys) {
  make_store(6);
  EXPECT_EQ(first().id, "ssh.keys");
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().evidence, HasSubstr("Too many authentication failures"));
  write("/home/alice/.ssh/config", "Host *\n  IdentitiesOnly yes\n");
  EXPECT_EQ(first().health, Health::ok);
}

TEST_F(Doctor, Lockout) {
  machine_.tpm.identity.lockout = LockoutState{true, true, 32, 32, 7200, 86400};
  EXPECT_EQ(first().id, "tpm.lockout");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence,
              HasSubstr("one is forgotten within 2 h 0 min, all within 64 h 0 min"));
  EXPECT_THAT(first().fix, HasSubstr("Windows"));
  EXPECT_THAT(first().fix, HasSubstr("A wrong lockout password blocks this for 24 h 0 min."));
}

}  // namespace
}  // namespace tpmprobe::doctor
