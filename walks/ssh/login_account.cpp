// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/login_account.h"

#include <array>

#include <fmt/format.h>
#include <pwd.h>
#include <shadow.h>
#include <unistd.h>

namespace tpmprobe::walks {
namespace {

// Of every distribution, and in nobody's way: what logs in runs nothing.
constexpr std::array kWithoutRights{"nobody", "daemon", "bin"};

/// As sshd sees it (allowed_user() in its auth.c): who may not read the passwords knows of no lock.
bool is_locked(const char* name) {
  const spwd* entry = ::getspnam(name);
  return entry != nullptr && entry->sp_pwdp != nullptr && entry->sp_pwdp[0] == '!';
}

}  // namespace

Expected<LoginAccount> login_account() {
  const passwd* user = ::getpwuid(::getuid());
  if (user == nullptr) return fail(Error::Kind::io, 0, "this user has no name to log in by");
  const std::string name = user->pw_name;
  if (!is_locked(name.c_str())) return LoginAccount{name, false};
  if (::geteuid() == 0) {
    for (const auto* other : kWithoutRights) {
      if (::getpwnam(other) != nullptr && !is_locked(other)) return LoginAccount{other, true};
    }
  }
  return fail(Error::Kind::io, 0,
              fmt::format("the password of {} is locked, and sshd without PAM lets no such account "
                          "in: run this as another user",
                          name));
}

}  // namespace tpmprobe::walks
