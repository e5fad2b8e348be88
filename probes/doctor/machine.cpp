// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/machine.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probes/host/host_facts.h"
#include "tpm/posix/process.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::probes {
namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 20;

std::optional<std::string> variable_of_process(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string user_name(uid_t id) {
  const passwd* entry = ::getpwuid(id);
  return entry != nullptr ? entry->pw_name : std::to_string(id);
}

std::string group_name(gid_t id) {
  const group* entry = ::getgrgid(id);
  return entry != nullptr ? entry->gr_name : std::to_string(id);
}

std::optional<FileFacts> facts_of(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  constexpr unsigned kPermissions = 07777;
  return FileFacts{user_name(found.st_uid), group_name(found.st_gid), found.st_mode & kPermissions,
                   ::access(path.c_str(), R_OK | W_OK) == 0};
}

bool has_open(const std::filesystem::path& process, const std::string& file) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(process / "fd", error)) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry.path(), ignored) == file) return true;
  }
  return false;
}

std::vector<std::string> holders_of(const std::string& file) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (pid == std::to_string(::getpid()) || !has_open(entry.path(), file)) continue;
    std::string name;
    std::getline(std::ifstream(entry.path() / "comm"), name);
    found.push_back(fmt::format("{} (pid {})", name, pid));
  }
  return found;
}

std::optional<bool> ask_system_bus() {
  const auto address = variable_of_process("DBUS_SYSTEM_BUS_ADDRESS");
  if (!address && !std::filesystem::exists("/run/dbus/system_bus_socket")) return std::nullopt;
  tpm::ProcessOptions options;
  options.timeout = std::chrono::milliseconds(500);  // of the two seconds of the whole
  const auto asked =
      tpm::run_process({"dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus",
                        "/", "org.freedesktop.DBus.NameHasOwner", "string:com.intel.tss2.Tabrmd"},
                       options);
  if (!asked || !asked->status.succeeded()) return std::nullopt;
  return asked->output.find("boolean true") != std::string::npos;
}

std::optional<std::vector<std::string>> read_kernel_log() {
  const tpm::UniqueFd log(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!log) return std::nullopt;
  std::vector<std::string> lines;
  std::array<char, 8192> record{};
  ssize_t count = 0;
  while ((count = ::read(log.get(), record.data(), record.size())) > 0) {
    const std::string line(record.data(), static_cast<std::size_t>(count));
    const auto text = line.find(';');
    // What its drivers say begins with their names: tpm, tpm_tis, tpm_crb.
    if (text == std::string::npos || line.compare(text + 1, 3, "tpm") != 0) continue;
    lines.push_back(line.substr(text + 1, line.find('\n') - text - 1));
  }
  return lines;
}

std::vector<std::string> groups_of_process() {
  std::array<gid_t, 256> ids{};
  const int count = ::getgroups(static_cast<int>(ids.size()), ids.data());
  std::vector<std::string> names{group_name(::getegid())};
  for (int i = 0; i < count; ++i) names.push_back(group_name(ids[static_cast<std::size_t>(i)]));
  return names;
}

}  // namespace

std::optional<std::string> Machine::content(const std::string& path) const {
  std::ifstream stream(root / std::filesystem::path(path).relative_path(), std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(kLongestFile, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
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

Machine this_machine() {
  Machine machine;
  machine.environment = variable_of_process;
  machine.user = user_name(::geteuid());
  machine.is_root = ::geteuid() == 0;
  const passwd* entry = ::getpwuid(::geteuid());
  machine.home = variable_of_process("HOME").value_or(entry != nullptr ? entry->pw_dir : "/");
  machine.session_groups = groups_of_process();
  machine.file = facts_of;
  machine.holders = holders_of;
  machine.broker_on_bus = ask_system_bus;
  machine.kernel_log = read_kernel_log;
  machine.packages = read_host_facts().packages;
  return machine;
}

}  // namespace tpmprobe::probes
