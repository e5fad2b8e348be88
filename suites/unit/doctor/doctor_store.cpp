// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of a PKCS#11 store and of its parents in the TPM.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kStore = "/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3";

TEST_F(Doctor, TheStoreIsDescribed) {
  make_store(2);
  files_["/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3"] = {"alice", "alice", 0644, true};
  EXPECT_EQ(line("pkcs11.store").evidence,
            "/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3: schema 8, token work, 2 keys");
  EXPECT_THAT(line("pkcs11.mode").evidence,
              HasSubstr("alice:alice 0644, as tpm2_ptool creates it"));
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
  EXPECT_THAT(first().fix, HasSubstr("Make a copy"));
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
  evict(kSrk);
  put(0x81000009, {"000b11", "0001"});
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_THAT(first().evidence, HasSubstr("it was evicted, or the TPM was cleared"));
  EXPECT_THAT(first().fix, HasSubstr("tpmprobe ssh --check-store; it says how to restore"));
  EXPECT_THAT(first().fix, Not(HasSubstr("evictcontrol")));
  make_unreadable(0x81000009);  // it is there all the same
  EXPECT_THAT(first().evidence, HasSubstr("it was evicted, or the TPM was cleared"));
}

TEST_F(Doctor, AClockOlderThanTheStoreHasSeenNoClear) {
  make_store(1);
  evict(kSrk);
  machine_.now_s = 1'000'000;
  files_[kStore] = {"alice", "alice", 0644, true, 990'000};
  machine_.tpm.clock_s = 10'001;
  EXPECT_THAT(first().evidence,
              HasSubstr("not been cleared since the store file was last written"));
  EXPECT_THAT(first().fix, Not(HasSubstr("evictcontrol")));
  put(kSrk, {"000b00", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_THAT(
      first().evidence,
      HasSubstr("there is another key at 0x81000001, but the TPM has not been cleared since"));
  evict(kSrk);
  machine_.tpm.clock_s = 9'999;
  EXPECT_THAT(first().evidence,
              HasSubstr("as it would be if the TPM had been cleared; permanently lost with it"));
}

TEST_F(Doctor, AStoreOfTheFutureTellsNothingOfAClear) {
  make_store(1);
  evict(kSrk);
  machine_.now_s = 1'000'000;
  files_[kStore] = {"alice", "alice", 0644, true, 2'000'000};
  machine_.tpm.clock_s = 10;
  EXPECT_THAT(first().evidence,
              HasSubstr("as it would be if the TPM had been cleared; permanently lost with it"));
}

TEST_F(Doctor, AParentOfTheSameTemplateAndAnotherSeed) {
  make_store(1);
  put(kSrk, {"000b00", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_THAT(first().evidence, HasSubstr("the TPM was cleared: the key at 0x81000001"));
  EXPECT_THAT(first().evidence, HasSubstr("permanently lost: work/k0"));
  EXPECT_THAT(first().fix,
              HasSubstr("Run: tpmprobe ssh --check-store; if it does not find the parent"));
}

TEST_F(Doctor, AParentThatWasNotReadIsNotGone) {
  make_store(1);
  make_unreadable(kSrk);
  EXPECT_EQ(line("pkcs11.primary").health, Health::unknown);
  EXPECT_THAT(line("pkcs11.primary").evidence, HasSubstr("could not be read, so it is unknown"));
  machine_.tpm.capabilities.handles.persistent.reset();
  EXPECT_EQ(line("pkcs11.primary").health, Health::unknown);
  EXPECT_THAT(line("pkcs11.primary").evidence, HasSubstr("could not list the persistent keys"));
}

TEST_F(Doctor, AParentWithoutKeys) {
  make_store(0);
  evict(kSrk);
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().evidence, HasSubstr("it had no keys below it"));
  put(kSrk, {"000b00", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().evidence, HasSubstr("it had no keys below it"));
}

class DoctorOfAnotherTpm : public Doctor {
 protected:
  void SetUp() override {
    Doctor::SetUp();
    make_store(1);
    evict(kSrk);
  }
  [[nodiscard]] Health judged() const { return line("pkcs11.primary").health; }
};

TEST_F(DoctorOfAnotherTpm, TheVariableNamesIt) {
  EXPECT_EQ(judged(), Health::fail);  // tabrmd, on the chip that was looked at
  set("TPM2_PKCS11_TCTI", "swtpm:port=2321");
  EXPECT_EQ(judged(), Health::unknown);
  EXPECT_THAT(line("pkcs11.primary").evidence,
              HasSubstr("the store may belong to a TPM other than device:/dev/tpm0"));
  put(kSrk, {"000b00", form_of(tpm::ParentTemplate::tools_rsa)});
  EXPECT_EQ(judged(), Health::unknown);
  put(kSrk, {kSrkName, ""});  // the same key is the same TPM
  EXPECT_EQ(judged(), Health::ok);
  evict(kSrk);
  machine_.tcti = "swtpm:port=2321";
  EXPECT_EQ(judged(), Health::fail);
  machine_.tcti = "device:/dev/tpmrm0";
  set("TPM2_PKCS11_TCTI", "libtss2-tcti-device.so.0:/dev/tpm0");
  EXPECT_EQ(judged(), Health::fail);
  set("TPM2_PKCS11_TCTI", "device:/dev/tpm1");
  EXPECT_EQ(judged(), Health::unknown);
}

TEST_F(DoctorOfAnotherTpm, TheModuleWouldFindTheChip) {
  machine_.tcti = "swtpm:port=2321";
  EXPECT_EQ(judged(), Health::unknown);
  machine_.broker_on_bus = [] { return std::optional(false); };
  EXPECT_EQ(judged(), Health::unknown);
  files_.clear();  // it would find no TPM: that contradicts nothing
  EXPECT_EQ(judged(), Health::fail);
}

TEST_F(DoctorOfAnotherTpm, TheTokenNamesIt) {
  std::filesystem::remove(tree_.path() / kStore.substr(1));
  make_store(Store{.token_config = "? !!str \"tcti\"\n  : !!str \"swtpm:port=2321\","});
  EXPECT_EQ(judged(), Health::unknown);
  set("TPM2_PKCS11_TCTI", "device:/dev/tpm0");
  EXPECT_EQ(judged(), Health::unknown);  // the token comes first
}

TEST_F(Doctor, AParentOfAnotherTemplate) {
  make_store(1);
  put(kSrk, {"000b00", "0001000b00030472"});
  EXPECT_THAT(first().evidence, HasSubstr("has another template: work/k0 may still be valid"));
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
  evict(kSrk);
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

TEST_F(Doctor, AFolderWithoutAStore) {
  set("TPM2_PKCS11_STORE", "/home/alice/empty");
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::warn);
  EXPECT_THAT(first().fix, HasSubstr("unset TPM2_PKCS11_STORE"));
}

TEST_F(Doctor, AStoreThatIsNoFile) {
  std::filesystem::create_directories(tree_.path() / kStore.substr(1));
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().evidence, HasSubstr("is not a regular file"));
}

TEST_F(Doctor, ARelativeStoreIsOfTheWorkingDirectory) {
  make_store(1);
  std::filesystem::create_directories(tree_.path() / "home/alice/work");
  set("TPM2_PKCS11_STORE", "../.tpm2_pkcs11");
  EXPECT_EQ(line("pkcs11.store").health, Health::ok);
  EXPECT_THAT(line("pkcs11.store").evidence, HasSubstr("schema 8, token work, 1 key"));
}

}  // namespace
}  // namespace tpmprobe::doctor
