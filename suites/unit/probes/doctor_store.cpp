// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of a PKCS#11 store and of its parents in the TPM.
#include "suites/unit/probes/doctor_fixture.h"

namespace tpmprobe::probes {
namespace {

using ::testing::HasSubstr;

TEST_F(Doctor, TheStoreIsDescribed) {
  make_store(2);
  files_["/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3"] = {"alice", "alice", 0644, true};
  EXPECT_EQ(line("pkcs11.store").evidence,
            "/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3: schema 8, token work, 2 keys");
  EXPECT_THAT(line("pkcs11.mode").evidence, HasSubstr("alice:alice 0644, as tpm2_ptool makes it"));
  EXPECT_EQ(line("pkcs11.mode").health, Health::ok);
}

TEST_F(Doctor, AStoreOfSomebodyElse) {
  make_store(1);
  files_["/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3"] = {"root", "root", 0644, false};
  EXPECT_EQ(first().id, "pkcs11.mode");
  EXPECT_EQ(first().health, Health::warn);
}

TEST_F(Doctor, ANewerSchemaIsRefused) {
  make_store(Store{.schema = 9});
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_THAT(first().evidence, HasSubstr("DB Version exceeds library version"));
  for (auto& [name, version] : machine_.packages) {
    if (name.starts_with("libtpm2-pkcs11")) version = "1.10.0-1";
  }
  EXPECT_EQ(line("pkcs11.store").health, Health::ok);
}

TEST_F(Doctor, AnOlderSchemaIsUpgraded) {
  make_store(Store{.schema = 5});
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().fix, HasSubstr("Keep a copy"));
}

TEST_F(Doctor, AnUpgradeThatFails) {
  make_store(
      Store{.schema = 5,
            .more_attributes = "  ? !!int \"1073743360\"\n  : !!str \"0000104100000000\",\n"});
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence, HasSubstr("1.9.0-0.1+deb12u1 fails to upgrade it"));
}

TEST_F(Doctor, AParentThatSomebodyEvicted) {
  make_store(1);
  machine_.tpm.persistent.clear();
  machine_.tpm.persistent[0x81000009] = {"000b11", "0001"};
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_THAT(first().evidence, HasSubstr("somebody evicted it"));
  EXPECT_THAT(first().fix, HasSubstr("tpm2_evictcontrol -C o -c p.ctx 0x81000001"));
}

TEST_F(Doctor, AClockOlderThanTheStoreHasSeenNoClear) {
  make_store(1);
  machine_.tpm.persistent.clear();
  machine_.now_s = 1'000'000;
  files_["/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3"] = {"alice", "alice", 0644, true, 990'000};
  machine_.tpm.clock_s = 10'001;
  EXPECT_THAT(first().evidence, HasSubstr("the TPM was not cleared since: somebody evicted it"));
  machine_.tpm.clock_s = 9'999;
  EXPECT_THAT(first().evidence, HasSubstr("as after a clear of the TPM, and with it for good"));
}

TEST_F(Doctor, AParentOfTheSameTemplateAndAnotherSeed) {
  make_store(1);
  machine_.tpm.persistent[kSrk] = {"000b00", form_of(tpm::ParentTemplate::tools_rsa)};
  EXPECT_THAT(first().evidence, HasSubstr("the TPM was cleared: at 0x81000001"));
  EXPECT_THAT(first().evidence, HasSubstr("gone for good: work/k0"));
}

TEST_F(Doctor, AParentOfAnotherTemplate) {
  make_store(1);
  machine_.tpm.persistent[kSrk] = {"000b00", "0001000b00030472"};
  EXPECT_THAT(first().evidence, HasSubstr("a parent of another template: work/k0 may be well"));
  EXPECT_EQ(first().fix, "Run: tpmprobe ssh --check-store");
}

TEST_F(Doctor, AContextFromBeforeAReboot) {
  make_store(Store{.parent = "80000000"});
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_THAT(first().evidence, HasSubstr("a context from before a reboot"));
}

TEST_F(Doctor, ATransientParentIsUnknown) {
  make_store(Store{.parent = ""});
  EXPECT_EQ(line("pkcs11.primary").health, Health::unknown);
  EXPECT_EQ(line("pkcs11.primary").fix, "Run: tpmprobe ssh --check-store");
}

TEST_F(Doctor, TheEmbeddedTpmSaysNothingOfAStore) {
  make_store(1);
  machine_.tcti = "embedded";
  machine_.tpm.persistent.clear();
  EXPECT_EQ(line("pkcs11.primary").health, Health::unknown);
}

TEST_F(Doctor, TheStoreOfTheWholeMachineComesFirst) {
  make_store(1);
  write("/etc/tpm2_pkcs11/tpm2_pkcs11.sqlite3", "this is no database, whatever its name");
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::fail);
  set("TPM2_PKCS11_STORE", "/home/alice/.tpm2_pkcs11");
  EXPECT_EQ(line("pkcs11.store").health, Health::ok);
}

}  // namespace
}  // namespace tpmprobe::probes
