// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/this_machine.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/host_facts.h"
#include "host/pkcs11/store.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/process.h"

namespace tpmprobe::doctor {

std::string user_name(unsigned id) {
  const passwd* entry = ::getpwuid(id);
  return entry != nullptr ? entry->pw_name : std::to_string(id);
}

std::string group_name(unsigned id) {
  const group* entry = ::getgrgid(id);
  return entry != nullptr ? entry->gr_name : std::to_string(id);
}

std::optional<FileFacts> facts_of_file(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  constexpr unsigned kPermissions = 07777;
  return FileFacts{user_name(found.st_uid), group_name(found.st_gid), found.st_mode & kPermissions,
                   ::access(path.c_str(), R_OK | W_OK) == 0, found.st_mtime};
}

std::vector<std::string> groups_of_process() {
  std::array<gid_t, 256> ids{};
  const int count = ::getgroups(static_cast<int>(ids.size()), ids.data());
  std::vector<std::string> names{group_name(::getegid())};
  for (int i = 0; i < count; ++i) names.push_back(group_name(ids[static_cast<std::size_t>(i)]));
  return names;
}

std::vector<std::string> groups_of_user() {
  const passwd* user = ::getpwuid(::geteuid());
  if (user == nullptr) return {};
  std::array<gid_t, 256> ids{};
  int count = static_cast<int>(ids.size());
  if (::getgrouplist(user->pw_name, user->pw_gid, ids.data(), &count) < 0) return {};
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(group_name(ids[static_cast<std::size_t>(i)]));
  return names;
}

namespace {

constexpr std::string_view kDigits = "0123456789";

/// Programs may write there too; the kernel's own facility is 0 (syslog(2)).
bool is_of_kernel_itself(std::string_view record) {
  unsigned priority = 0;
  constexpr unsigned kFacility = 3;
  const auto read = std::from_chars(record.data(), record.data() + record.size(), priority);
  return read.ec == std::errc{} && priority >> kFacility == 0;
}

/// "tpm tpm0:", "tpm0:", "tpm_tis MSFT0101:00:", and not "tpmprobe[7]:", "tpm2-abrmd[8]:".
bool is_said_by_driver(std::string_view text) {
  if (!text.starts_with("tpm")) return false;
  const auto after = text.substr(3);
  if (after.starts_with(' ') || after.starts_with(':')) return true;
  if (after.starts_with('_')) {
    const auto end = after.find_first_of(" :[");
    return end != std::string_view::npos && after[end] != '[';
  }
  const auto end = after.find_first_not_of(kDigits);
  return end != 0 && end != std::string_view::npos && after[end] == ':';
}

}  // namespace

std::optional<std::string> words_of_driver(std::string_view record) {
  const auto start = record.find(';');
  if (start == std::string_view::npos || !is_of_kernel_itself(record)) return std::nullopt;
  const auto text = record.substr(start + 1, record.find('\n', start) - start - 1);
  return is_said_by_driver(text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::vector<std::string>> read_kernel_log() {
  const tpm::UniqueFd log(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!log) return std::nullopt;
  std::vector<std::string> lines;
  std::array<char, 8192> record{};
  while (true) {
    const ssize_t count = ::read(log.get(), record.data(), record.size());
    if (count < 0 && errno == EPIPE) continue;  // records were overwritten; the next one is there
    if (count <= 0) break;
    if (auto words = words_of_driver({record.data(), static_cast<std::size_t>(count)})) {
      lines.push_back(std::move(*words));
    }
  }
  return lines;
}

namespace {

/// A process that ended meanwhile has no files any more, and then no name.
struct Running {
  int pid;
  std::filesystem::path folder;
  std::string name;
};

std::vector<Running> all_running() {
  std::vector<Running> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string digits = entry.path().filename();
    int pid = 0;
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, pid).ptr != end) continue;
    std::string name;
    std::ifstream stream(entry.path() / "comm");
    std::getline(stream, name);
    found.push_back({pid, entry.path(), std::move(name)});
  }
  return found;
}

bool has_open(const std::filesystem::path& process, const std::string& file) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(process / "fd", error)) {
    std::error_code ignored;
    if (std::filesystem::read_symlink(entry.path(), ignored) == file) return true;
  }
  return false;
}

std::vector<std::string> arguments_of(const std::filesystem::path& process) {
  std::ifstream stream(process / "cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string word; std::getline(stream, word, '\0');) arguments.push_back(word);
  return arguments;
}

}  // namespace

std::vector<std::string> holders_of(const std::string& file) {
  std::vector<std::string> found;
  for (const auto& process : all_running()) {
    if (process.pid == ::getpid() || !has_open(process.folder, file)) continue;
    found.push_back(fmt::format("{} (pid {})", process.name, process.pid));
  }
  return found;
}

std::vector<Process> processes_called(std::string_view name) {
  std::vector<Process> found;
  for (const auto& process : all_running()) {
    if (process.name == name) found.push_back({process.pid, arguments_of(process.folder)});
  }
  return found;
}

namespace {

/// What a program writes; nullopt if it is not there or does not end.
std::optional<tpm::ProcessResult> ask(const std::vector<std::string>& argv) {
  tpm::ProcessOptions options;
  options.timeout = std::chrono::milliseconds(400);  // of the two seconds of the whole
  auto asked = tpm::run_process(argv, options);
  return asked ? std::optional(std::move(*asked)) : std::nullopt;
}

std::string first_word(const std::vector<std::string>& argv) {
  const auto asked = ask(argv);
  return asked ? asked->output.substr(0, asked->output.find('\n')) : "";
}

}  // namespace

std::optional<bool> ask_system_bus() {
  if (std::getenv("DBUS_SYSTEM_BUS_ADDRESS") == nullptr &&
      !std::filesystem::exists("/run/dbus/system_bus_socket")) {
    return std::nullopt;
  }
  const auto asked =
      ask({"dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus", "/",
           "org.freedesktop.DBus.NameHasOwner", "string:com.intel.tss2.Tabrmd"});
  if (!asked || !asked->status.succeeded()) return std::nullopt;
  return asked->output.find("boolean true") != std::string::npos;
}

std::optional<ServiceState> ask_systemd(std::string_view service) {
  // sd_booted(3)
  if (!std::filesystem::exists("/run/systemd/system")) return std::nullopt;
  const std::string name(service);
  return ServiceState{first_word({"systemctl", "is-active", name}),
                      first_word({"systemctl", "is-enabled", name})};
}

namespace {

std::optional<std::string> variable_of_process(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string folder_of_process() {
  std::error_code error;
  const auto folder = std::filesystem::current_path(error);
  return error ? "/" : folder.string();
}

/// Several checks want to know it, and a bus that does not answer takes its time.
std::function<std::optional<bool>()> asked_once() {
  auto answer = std::make_shared<std::optional<std::optional<bool>>>();
  return [answer] {
    if (!*answer) *answer = ask_system_bus();
    return **answer;
  };
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.now_s = std::time(nullptr);
  machine.environment = variable_of_process;
  machine.user = user_name(::geteuid());
  machine.is_root = ::geteuid() == 0;
  machine.home = host::home_of_user(variable_of_process("HOME"));
  machine.folder = folder_of_process();
  machine.session_groups = groups_of_process();
  machine.database_groups = groups_of_user();
  machine.file = facts_of_file;
  machine.holders = holders_of;
  machine.processes = processes_called;
  machine.broker_on_bus = asked_once();
  machine.service = ask_systemd;
  machine.kernel_log = read_kernel_log;
  machine.packages = host::read_host_facts().packages;
  return machine;
}

}  // namespace tpmprobe::doctor
