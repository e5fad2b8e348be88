// SPDX-License-Identifier: BSD-2-Clause
// Prepared machines, each broken in one way: the first line has to say which.
#include <fstream>

#include <gmock/gmock.h>

#include "probes/doctor/checks.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::probes {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t kSrk = 0x81000001;
const std::string kSrkName = "000b" + std::string(64, 'a');

class Doctor : public ::testing::Test {
 protected:
  /// A machine on which everything is right.
  void SetUp() override {
    machine_.root = tree_.path();
    machine_.environment = [](const char*) { return std::nullopt; };
    machine_.home = "/home/alice";
    machine_.user = "alice";
    machine_.session_groups = {"alice", "tss"};
    machine_.file = [this](const std::string& path) -> std::optional<FileFacts> {
      const auto found = files_.find(path);
      return found == files_.end() ? std::nullopt : std::optional(found->second);
    };
    files_["/dev/tpm0"] = {"tss", "root", 0660, true};
    files_["/dev/tpmrm0"] = {"tss", "tss", 0660, true};
    machine_.holders = [](const std::string&) { return std::vector<std::string>{}; };
    machine_.broker_on_bus = [] { return std::optional(true); };
    machine_.kernel_log = [] { return std::optional(std::vector<std::string>{}); };
    machine_.is_root = true;
    machine_.packages = {{"libtss2-fapi1", "3.2.1-3"},
                         {"libtss2-tcti-tabrmd0", "3.0.0-1"},
                         {"tpm2-abrmd", "3.0.0-1"}};
    auto& tpm = machine_.tpm;
    tpm.identity.manufacturer = "AMD";
    tpm.identity.lockout = LockoutState{false, false, 0, 32, 7200, 86400};
    tpm.identity.reset_count = 10;
    tpm.capabilities.handles.nv_index = {{0x01c00002}};
    tpm.persistent_names[kSrk] = kSrkName;
    write("/etc/group", "tss:x:110:alice\n");
    write("/etc/tpm2-tss/fapi-config.json",
          R"({"profile_name": "P_RSA2048SHA256", "profile_dir": "/etc/tpm2-tss/fapi-profiles/",
              "system_dir": "/var/lib/tpm2-tss/system/keystore"})");
    write("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json", R"({"keyBits": 2048})");
  }

  void write(const std::string& path, const std::string& content) {
    const auto place = tree_.path() / std::filesystem::path(path).relative_path();
    std::filesystem::create_directories(place.parent_path());
    std::ofstream(place) << content;
  }

  /// A store as tpm2_ptool makes it, with so many keys.
  void make_store(int keys) {
    const auto folder = tree_.path() / "home/alice/.tpm2_pkcs11";
    std::filesystem::create_directories(folder);
    std::string sql =
        "CREATE TABLE tokens(id INTEGER PRIMARY KEY, pid INTEGER, label TEXT, config TEXT);"
        "CREATE TABLE pobjects(id INTEGER PRIMARY KEY, hierarchy TEXT, config TEXT, objauth TEXT);"
        "CREATE TABLE tobjects(id INTEGER PRIMARY KEY, tokid INTEGER, attrs TEXT);"
        "CREATE TABLE schema(id INTEGER PRIMARY KEY, schema_version INTEGER);"
        "INSERT INTO schema VALUES(1, 8); INSERT INTO tokens VALUES(1, 1, 'work', '');"
        "INSERT INTO pobjects VALUES(1, 'o', '---\n!!map {\n  ? !!str \"esys-tr\"\n  : !!str "
        "\"810000010022" +
        kSrkName + "0000\",\n  ? !!str \"transient\"\n  : !!bool \"false\",\n}\n', '');";
    for (int key = 0; key < keys; ++key) {
      sql +=
          "INSERT INTO tobjects(tokid, attrs) VALUES(1, '---\n!!map {\n  ? !!int \"0\"\n  : !!int "
          "\"3\",\n  ? !!int \"3\"\n  : !!str \"6b3" +
          std::to_string(key) + "\",\n}\n');";
    }
    const auto made = tpm::run_process({"sqlite3", (folder / "tpm2_pkcs11.sqlite3").string(), sql});
    ASSERT_TRUE(made && made->status.succeeded()) << (made ? made->errors : made.error().message);
  }

  [[nodiscard]] Diagnosis first() const { return examine(machine_).front(); }

  [[nodiscard]] Diagnosis line(std::string_view id) const {
    for (const auto& line : examine(machine_)) {
      if (line.id == id) return line;
    }
    return {"no such line", Health::unknown, "", ""};
  }

  tpm::PrivateDirectory tree_ = std::move(tpm::PrivateDirectory::create().value());
  std::map<std::string, FileFacts> files_;
  Machine machine_;
};

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
  machine_.session_groups = {"alice"};
  write("/etc/group", "tss:x:110:bob,malice\n");
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
  EXPECT_EQ(line("abrmd.service").health, Health::ok);  // nobody asks for it
  machine_.environment = [](const char* name) {
    return std::string(name) == "TPM2TOOLS_TCTI" ? std::optional<std::string>("tabrmd")
                                                 : std::nullopt;
  };
  EXPECT_EQ(first().id, "abrmd.service");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().fix, HasSubstr("systemctl enable --now tpm2-abrmd"));
}

TEST_F(Doctor, DaemonWithoutItsLibrary) {
  machine_.packages = {{"tpm2-abrmd", "3.0.0-1"}};
  EXPECT_EQ(first().id, "abrmd.library");
  EXPECT_THAT(first().fix, HasSubstr("libtss2-tcti-tabrmd0"));
}

TEST_F(Doctor, FapiProfileWrong) {
  std::filesystem::remove(tree_.path() / "etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json");
  EXPECT_EQ(first().id, "fapi.config");
  EXPECT_THAT(first().evidence, HasSubstr("profile P_RSA2048SHA256 is not in"));
}

TEST_F(Doctor, EkCertificateMissing) {
  machine_.tpm.capabilities.handles.nv_index = std::vector<std::uint32_t>{};
  EXPECT_EQ(first().id, "fapi.ek-certificate");
  EXPECT_THAT(first().fix, HasSubstr("\"ek_cert_less\": \"yes\","));
}

TEST_F(Doctor, AProfileOf3072BitsBreaksAll) {
  write("/etc/tpm2-tss/fapi-profiles/P_RSA3072SHA384.json", R"({"keyBits": 3072})");
  EXPECT_EQ(first().id, "fapi.profiles");
  EXPECT_THAT(first().evidence, HasSubstr("P_RSA3072SHA384.json"));
  machine_.packages.front().second = "4.1.3-1";
  EXPECT_EQ(first().health, Health::ok);
}

TEST_F(Doctor, StoreOfAClearedTpm) {
  make_store(2);
  machine_.tpm.persistent_names.clear();
  EXPECT_EQ(first().id, "pkcs11.primary");
  EXPECT_THAT(first().evidence, HasSubstr("cleared"));
  EXPECT_THAT(first().evidence, HasSubstr("gone, and with it for good: work/k0, work/k1"));
}

TEST_F(Doctor, StoreOfAnotherPrimary) {
  make_store(1);
  machine_.tpm.persistent_names[kSrk] = "000b00";
  EXPECT_THAT(first().evidence, HasSubstr("another key is at 0x81000001"));
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
  EXPECT_THAT(first().evidence, HasSubstr("one more try in at most 2 h 0 min, all in 64 h 0 min"));
  EXPECT_THAT(first().fix, HasSubstr("Windows"));
}

TEST_F(Doctor, ClearedSinceAnEarlierReport) {
  machine_.earlier = EarlierReport{12, "AMD"};
  EXPECT_EQ(first().id, "tpm.since");
  EXPECT_THAT(first().evidence, HasSubstr("was cleared since"));
  machine_.earlier->reset_count = 9;
  EXPECT_EQ(line("tpm.since").health, Health::ok);
  EXPECT_THAT(line("tpm.since").evidence, HasSubstr("1 resets since"));
}

TEST_F(Doctor, EkCertificatesAreNamed) {
  EXPECT_EQ(line("tpm.ek-certificates").evidence, "EK certificates: RSA2048");
}

TEST_F(Doctor, EachLibrarysTpmIsNamed) {
  EXPECT_THAT(line("tcti.tools").evidence, HasSubstr("tabrmd, else device:/dev/tpmrm0"));
  EXPECT_THAT(line("tcti.fapi").evidence, HasSubstr("loader"));
  machine_.environment = [](const char* name) {
    return std::string(name) == "TPM2_PKCS11_TCTI" ? std::optional<std::string>("device:/dev/tpm0")
                                                   : std::nullopt;
  };
  EXPECT_EQ(first().id, "tcti.pkcs11");
  EXPECT_THAT(first().evidence, HasSubstr("without a resource manager"));
}

TEST_F(Doctor, AStoreThatIsNoDatabase) {
  write("/home/alice/.tpm2_pkcs11/tpm2_pkcs11.sqlite3", "this is no database, whatever its name");
  EXPECT_EQ(first().id, "pkcs11.store");
  EXPECT_EQ(first().health, Health::fail);
}

}  // namespace
}  // namespace tpmprobe::probes
