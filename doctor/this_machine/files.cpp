// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/this_machine/parts.h"

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

}  // namespace tpmprobe::doctor
