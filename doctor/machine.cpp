// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/machine.h"

#include <algorithm>
#include <fstream>

#include "host/pkcs11/store.h"

namespace tpmprobe::doctor {

std::optional<KernelTpm> tpm_of_kernel(const Machine& machine) {
  const std::string place = "/sys/class/tpm/tpm0";
  if (!machine.real_path(place)) return std::nullopt;
  KernelTpm tpm;
  const auto driver = machine.real_path(place + "/device/driver");
  if (driver) tpm.driver = std::filesystem::path(*driver).filename();
  const auto major = machine.content(place + "/tpm_version_major").value_or("");
  if (major.starts_with("1")) tpm.version = 1;
  if (major.starts_with("2")) tpm.version = 2;
  return tpm;
}

bool is_tpm_1_2(const Machine& machine) {
  const auto tpm = tpm_of_kernel(machine);
  return tpm && tpm->version == 1;
}

std::vector<std::string> library_folders(const Machine& machine) {
  std::vector<std::string> folders{"/usr/lib", "/usr/lib64", "/usr/local/lib"};
  for (const auto& folder : machine.files_in("/usr/lib")) {
    if (folder.ends_with("-linux-gnu")) folders.push_back(folder);
  }
  return folders;
}

namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 20;

}  // namespace

std::string Machine::absolute(const std::string& path) const {
  return (std::filesystem::path(folder) / path).string();
}

std::filesystem::path Machine::place(const std::string& path) const {
  return root / std::filesystem::path(absolute(path)).relative_path();
}

bool Machine::has_file(const std::string& path) const {
  std::error_code error;
  return std::filesystem::is_regular_file(place(path), error);
}

std::optional<std::string> Machine::content(const std::string& path) const {
  // A pipe that nobody writes would keep us for ever.
  if (!has_file(path)) return std::nullopt;
  std::ifstream stream(place(path), std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(kLongestFile, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::vector<std::string> Machine::files_in(const std::string& where) const {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(place(where), error)) {
    paths.push_back((std::filesystem::path(where) / entry.path().filename()).string());
  }
  std::ranges::sort(paths);
  return paths;
}

std::optional<std::string> Machine::real_path(const std::string& path) const {
  std::error_code error, of_root;
  const auto found = std::filesystem::canonical(place(path), error);
  const auto start = std::filesystem::canonical(root, of_root);
  if (error || of_root) return std::nullopt;
  return (std::filesystem::path("/") / found.lexically_relative(start)).string();
}

std::optional<std::string> Machine::version_of(std::string_view start) const {
  for (const auto& [name, version] : packages) {
    if (name.starts_with(start)) return version;
  }
  return std::nullopt;
}

std::optional<std::string> Machine::variable(const char* name) const {
  auto value = environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

std::string find_store(const Machine& machine) {
  const auto found = host::find_pkcs11_store(
      machine.variable("TPM2_PKCS11_STORE"), machine.home,
      [&](const std::string& path) { return machine.real_path(path).has_value(); });
  return found ? machine.absolute(*found) : "";
}

std::optional<host::Pkcs11Store> read_store(const Machine& machine, std::string& error) {
  const auto path = find_store(machine);
  if (path.empty() || !machine.has_file(path)) return std::nullopt;
  return host::read_pkcs11_store(machine.place(path), error);
}

std::size_t count_keys(const host::Pkcs11Store& store) {
  std::size_t keys = 0;
  for (const auto& primary : store.primaries) keys += primary.keys.size();
  return keys;
}

Presence presence_of(const TpmFacts& tpm, std::uint32_t handle) {
  if (tpm.persistent.contains(handle)) return Presence::read;
  const auto& listed = tpm.capabilities.handles.persistent;
  const bool gone = listed && std::ranges::find(*listed, handle) == listed->end();
  return gone ? Presence::gone : Presence::unread;
}

}  // namespace tpmprobe::doctor
