// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/lock.h"

#include <cstddef>
#include <cstring>
#include <functional>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace tpmprobe::tpm {

std::optional<TpmLock> TpmLock::acquire(std::string_view key) {
  // A name in this namespace starts with a zero octet and has at most 107 more: a path may be
  // longer, so its hash stands for it.
  const auto name = fmt::format("tpmprobe/{:016x}", std::hash<std::string_view>{}(key));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return std::nullopt;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0) {
    return std::nullopt;
  }
  return TpmLock(std::move(fd));
}

}  // namespace tpmprobe::tpm
