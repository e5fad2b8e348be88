// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

/// A prepared machine, which tests break in one way each.
namespace tpmprobe::doctor {

inline constexpr std::uint32_t kSrk = 0x81000001;
inline const std::string kModule = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so";
inline const std::string kSrkName = "000b" + std::string(64, 'a');

class Doctor : public ::testing::Test {
 protected:
  /// A machine on which everything is right.
  void SetUp() override {
    machine_.root = tree_.path();
    machine_.environment = [](const char*) { return std::nullopt; };
    machine_.home = "/home/alice";
    machine_.folder = "/home/alice/work";
    machine_.user = "alice";
    machine_.session_groups = machine_.database_groups = {"alice", "tss"};
    machine_.file = [this](const std::string& path) -> std::optional<FileFacts> {
      const auto found = files_.find(path);
      return found == files_.end() ? std::nullopt : std::optional(found->second);
    };
    files_["/dev/tpm0"] = {"tss", "root", 0660, true};
    files_["/dev/tpmrm0"] = {"tss", "tss", 0660, true};
    machine_.holders = [](const std::string&) { return std::vector<std::string>{}; };
    machine_.processes = [](std::string_view) { return std::vector<Process>{}; };
    machine_.service = [](std::string_view) {
      return std::optional(ServiceState{"active", "enabled"});
    };
    machine_.broker_on_bus = [] { return std::optional(true); };
    machine_.kernel_log = [] { return std::optional(std::vector<std::string>{}); };
    machine_.is_root = true;
    machine_.now_s = 1'700'000'000;
    machine_.tcti = "device:/dev/tpm0";
    machine_.packages = {{"libtpm2-pkcs11-1", "1.9.0-0.1+deb12u1"},
                         {"libtss2-esys-3.0.2-0", "3.2.1-3"},
                         {"libtss2-fapi1", "3.2.1-3"},
                         {"libtss2-tcti-tabrmd0", "3.0.0-1"},
                         {"tpm2-abrmd", "3.0.0-1"},
                         {"tpm2-tools", "5.4-1"}};
    auto& tpm = machine_.tpm;
    tpm.identity.manufacturer = "AMD";
    tpm.identity.lockout = LockoutState{false, false, 0, 32, 7200, 86400};
    tpm.identity.reset_count = 10;
    tpm.capabilities.handles.nv_index = {{0x01c00002}};
    tpm.capabilities.handles.persistent = {{kSrk}};
    tpm.capabilities.handles.transient =
        tpm.capabilities.handles.loaded_session = {std::vector<std::uint32_t>{}};
    tpm.persistent[kSrk] = {kSrkName, form_of(tpm::ParentTemplate::tools_rsa)};
    tpm.test_result = 0;
    tpm.ek_certificates = {
        {0x01c00002, host::CertificateFacts{"RSA-2048", "Maker CA 7", 0, 4'000'000'000, true}, ""}};
    std::filesystem::create_directories(tree_.path() / "sys/bus/acpi/drivers/tpm_crb");
    std::filesystem::create_directories(tree_.path() / "sys/class/tpm/tpm0/device");
    std::filesystem::create_symlink("../../../../bus/acpi/drivers/tpm_crb",
                                    tree_.path() / "sys/class/tpm/tpm0/device/driver");
    write("/sys/class/tpm/tpm0/tpm_version_major", "2\n");
    write(kModule, "");
    write("/etc/tpm2-tss/fapi-config.json",
          R"({"profile_name": "P_RSA2048SHA256", "profile_dir": "/etc/tpm2-tss/fapi-profiles/",
              "system_dir": "/var/lib/tpm2-tss/system/keystore"})");
    write("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json",
          R"({"keyBits": 2048, "srk_template": "system,restricted,decrypt,0x81000002"})");
  }

  void write(const std::string& path, const std::string& content) {
    const auto place = tree_.path() / std::filesystem::path(path).relative_path();
    std::filesystem::create_directories(place.parent_path());
    std::ofstream(place) << content;
  }

  /// A store as tpm2_ptool makes it.
  struct Store {
    int keys = 1, schema = 8;
    std::string parent = "81000001";   ///< handle in the ESYS_TR; empty: a transient primary
    std::string token_config = {};     ///< YAML
    std::string more_attributes = {};  ///< YAML, of each key
  };
  void make_store(const Store& store) {
    const auto folder = tree_.path() / "home/alice/.tpm2_pkcs11";
    std::filesystem::create_directories(folder);
    const auto primary = store.parent.empty()
                             ? std::string("? !!str \"transient\"\n  : !!bool \"true\",\n")
                             : "? !!str \"esys-tr\"\n  : !!str \"" + store.parent + "0022" +
                                   kSrkName +
                                   "0000\",\n  ? !!str \"transient\"\n  : !!bool \"false\",\n";
    std::string sql =
        "CREATE TABLE tokens(id INTEGER PRIMARY KEY, pid INTEGER, label TEXT, config TEXT);"
        "CREATE TABLE pobjects(id INTEGER PRIMARY KEY, hierarchy TEXT, config TEXT, objauth TEXT);"
        "CREATE TABLE tobjects(id INTEGER PRIMARY KEY, tokid INTEGER, attrs TEXT);"
        "CREATE TABLE schema(id INTEGER PRIMARY KEY, schema_version INTEGER);"
        "INSERT INTO schema VALUES(1, " +
        std::to_string(store.schema) + "); INSERT INTO tokens VALUES(1, 1, 'work', '" +
        store.token_config + "'); INSERT INTO pobjects VALUES(1, 'o', '---\n!!map {\n  " + primary +
        "}\n', '');";
    for (int key = 0; key < store.keys; ++key) {
      sql +=
          "INSERT INTO tobjects(tokid, attrs) VALUES(1, '---\n!!map {\n  ? !!int \"0\"\n  : !!int "
          "\"3\",\n  ? !!int \"3\"\n  : !!str \"6b3" +
          std::to_string(key) + "\",\n" + store.more_attributes + "}\n');";
    }
    const auto made = tpm::run_process({"sqlite3", (folder / "tpm2_pkcs11.sqlite3").string(), sql});
    ASSERT_TRUE(made && made->status.succeeded()) << (made ? made->errors : made.error().message);
  }
  void make_store(int keys) { make_store(Store{.keys = keys}); }

  /// Makes an object persistent.
  void put(std::uint32_t handle, PersistentObject object) {
    auto& handles = *machine_.tpm.capabilities.handles.persistent;
    if (std::ranges::find(handles, handle) == handles.end()) handles.push_back(handle);
    machine_.tpm.persistent[handle] = std::move(object);
  }
  void evict(std::uint32_t handle) {
    std::erase(*machine_.tpm.capabilities.handles.persistent, handle);
    machine_.tpm.persistent.erase(handle);
  }
  /// It is in the TPM's list, and does not let itself be read.
  void make_unreadable(std::uint32_t handle) { machine_.tpm.persistent.erase(handle); }

  /// Sets one variable of the environment, and no other.
  void set(const std::string& name, const std::string& value) {
    machine_.environment = [name, value](const char* asked) {
      return asked == name ? std::optional(value) : std::nullopt;
    };
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

}  // namespace tpmprobe::doctor
