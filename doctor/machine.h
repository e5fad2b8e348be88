// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doctor/tpm_facts.h"
#include "host/pkcs11/store.h"
#include "probes/hex_digits.h"
#include "tpm/commands/parents.h"

namespace tpmprobe::doctor {

/// What stat(2) and access(2) tell of a file.
struct FileFacts {
  std::string owner, group;    ///< names, or numbers where there are none
  unsigned mode = 0;           ///< permission bits
  bool accessible = false;     ///< this process may read and write it
  std::int64_t changed_s = 0;  ///< seconds since 1970
};

/// A program that runs, as /proc tells.
struct Process {
  int pid = 0;
  std::vector<std::string> arguments;  ///< argv, its name first
};

/// What systemd says of a service: words of `systemctl is-active` and `is-enabled`.
struct ServiceState {
  std::string active, enabled;
};

/// What a JSON report of `tpmprobe report` says of its TPM (--since, --now).
struct ReportFacts {
  std::optional<std::string> manufacturer = {};
  std::optional<std::uint32_t> reset_count = {};
  std::optional<std::string> owner_primary_name = {};         ///< SHA-256 of the Name, hex
  std::optional<std::vector<std::uint32_t>> persistent = {};  ///< handles
};

/// Everything that the doctor sees of a machine; a test prepares its own.
struct Machine {
  std::filesystem::path root = "/";  ///< before every path that is read
  std::int64_t now_s = 0;            ///< seconds since 1970
  std::function<std::optional<std::string>(const char*)> environment;
  std::string home;          ///< of the user, without `root`
  std::string folder = "/";  ///< in which the program was started, without `root`
  std::string user;
  bool is_root = false;
  std::vector<std::string> session_groups;   ///< of this process, by name
  std::vector<std::string> database_groups;  ///< that a new login of the user would have
  /// nullopt: there is no such file.
  std::function<std::optional<FileFacts>(const std::string& path)> file;
  /// Programs that have a file open: "tpm2-abrmd (pid 312)"; those of other users only for root.
  std::function<std::vector<std::string>(const std::string& path)> holders;
  /// Programs of this name that run.
  std::function<std::vector<Process>(std::string_view name)> processes;
  /// Whether com.intel.tss2.Tabrmd has an owner on the system bus; nullopt: there is no bus to ask.
  std::function<std::optional<bool>()> broker_on_bus;
  /// nullopt: systemd does not run here.
  std::function<std::optional<ServiceState>(std::string_view service)> service;
  /// Lines of the kernel about the TPM; nullopt: not for this user.
  std::function<std::optional<std::vector<std::string>>()> kernel_log;
  std::vector<std::pair<std::string, std::string>> packages;  ///< name, version
  TpmFacts tpm;
  std::string tcti;        ///< where `tpm` was read: "device:/dev/tpmrm0", "embedded"
  std::string named_tcti;  ///< what the user said (--tcti); empty: nothing
  std::optional<ReportFacts> earlier, present;

  /// A relative path starts in `folder`.
  [[nodiscard]] std::string absolute(const std::string& path) const;
  /// Where a path is for this process, below `root`.
  [[nodiscard]] std::filesystem::path place(const std::string& path) const;
  /// There is a regular file.
  [[nodiscard]] bool has_file(const std::string& path) const;
  /// What a file below `root` holds, its first megabyte; nullopt if it cannot be read.
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;
  /// Paths of the files in a folder, in order; none if it cannot be read.
  [[nodiscard]] std::vector<std::string> files_in(const std::string& where) const;
  /// Where a path leads when all links are followed; nullopt if there is nothing.
  [[nodiscard]] std::optional<std::string> real_path(const std::string& path) const;
  /// Version of the first package whose name starts so; nullopt if there is none.
  [[nodiscard]] std::optional<std::string> version_of(std::string_view start) const;
  /// `tpm` is the TPM inside tpmprobe, which has nothing to do with what stands on this machine.
  [[nodiscard]] bool is_embedded() const { return tcti == "embedded"; }
  /// A variable that is set and not empty.
  [[nodiscard]] std::optional<std::string> variable(const char* name) const;
};

/// This machine, with nothing read from its TPM yet.
Machine this_machine();

/// The kernel's first TPM, as /sys/class/tpm/tpm0 tells.
struct KernelTpm {
  std::string driver;  ///< "tpm_crb"; empty if it has none, as one of vtpm_proxy
  int version = 0;     ///< 1 or 2; 0: kernels before 5.6 do not say
};

/// nullopt: the kernel has none.
std::optional<KernelTpm> tpm_of_kernel(const Machine& machine);

/// It is a TPM 1.2, of which nothing here can use anything.
bool is_tpm_1_2(const Machine& machine);

/// Where libraries are, those of Debian's architectures last.
std::vector<std::string> library_folders(const Machine& machine);

/// The store that tpm2-pkcs11 opens on this machine (find_pkcs11_store). Empty if there is none.
std::string find_store(const Machine& machine);

/// What stands in it; nullopt if there is none, or with `error` set if it cannot be read.
std::optional<host::Pkcs11Store> read_store(const Machine& machine, std::string& error);

/// Private keys of all tokens.
std::size_t count_keys(const host::Pkcs11Store& store);

/// Persistent objects of the owner, which a clear takes away: 0x81000000 to 0x817fffff.
constexpr bool is_of_owner(std::uint32_t handle) {
  constexpr std::uint32_t kFirst = 0x81000000, kAfter = 0x81800000;
  return handle >= kFirst && handle < kAfter;
}

/// Whether a persistent object is there, and was read.
enum class Presence { read, unread, gone };

/// Only a list without the handle says that it is gone.
Presence presence_of(const TpmFacts& tpm, std::uint32_t handle);

/// A template as PersistentObject::form has it. tpm2_ptool init makes that of tools_rsa; FAPI's
/// profiles P_RSA2048SHA256 and P_ECCP256SHA256 make those of tools_rsa and tools_ecc (measured:
/// tpm2-tools 5.4, tpm2-pkcs11 1.9.0, tss2 3.2.1).
inline std::string form_of(tpm::ParentTemplate parent) {
  return probes::hex_digits(tpm::parent_form(parent));
}

}  // namespace tpmprobe::doctor
