// SPDX-License-Identifier: BSD-2-Clause
// What a killed run has left: every object is looked at first (`read`), since a child is known by
// its parent, and then flushed or left alone (`clear`); sessions follow. Read from the end upwards.
#include "tpm/leftovers.h"

#include <cstddef>
#include <cstring>
#include <functional>
#include <ranges>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tpm/commands/objects.h"
#include "tpm/digest.h"

namespace tpmprobe::tpm {

const std::array<std::uint8_t, 32> kMarker = {
    0xf1, 0x91, 0x3a, 0x49, 0xc7, 0xe9, 0xf1, 0xd9, 0x67, 0x31, 0x18, 0xb2, 0xfe, 0xca, 0x4c, 0x86,
    0x73, 0x07, 0xe0, 0xf3, 0x96, 0x93, 0x4c, 0x40, 0x95, 0xcf, 0x18, 0xf9, 0xd7, 0x12, 0xd7, 0x4f};

Bytes qualified_name(ByteView parent, ByteView name) {
  if (name.size() < 2) return {};
  Bytes both(parent.begin(), parent.end());
  both.insert(both.end(), name.begin(), name.end());
  const Bytes hash = digest(static_cast<AlgId>(name[0] << 8U | name[1]), both);
  Bytes result(name.begin(), name.begin() + 2);
  result.insert(result.end(), hash.begin(), hash.end());
  return hash.empty() ? Bytes{} : result;
}

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

namespace {

using Handles = std::vector<std::uint32_t>;

/// Shows every object to the guard. A sequence object has no public area, and an object may have
/// gone meanwhile: both answers of the TPM are no failure.
Expected<void> read(Session& session, const Handles& transient) {
  for (const std::uint32_t handle : transient) {
    auto object = read_public(session, handle);
    if (!object && object.error().kind != Error::Kind::tpm) return tl::unexpected(object.error());
  }
  return {};
}

/// One object, and what this run may do about it.
Expected<void> clear(Session& session, std::uint32_t handle, bool ours,
                     const LeftoverPolicy& policy, Leftovers& found) {
  if (ours && policy.alone) {
    found.flushed.push_back(handle);
    return flush_foreign(session, handle);
  }
  if (!ours && policy.flush_foreign) {
    const bool gone = flush_foreign(session, handle).has_value();
    (gone ? found.foreign_flushed : found.foreign).push_back(handle);
  } else {
    (ours ? found.of_another : found.foreign).push_back(handle);
  }
  return {};
}

}  // namespace

Expected<Leftovers> clear_leftovers(Session& session, Guard& guard,
                                    const knowledge::HandleLists& handles,
                                    const LeftoverPolicy& policy) {
  Leftovers found;
  const Handles transient = handles.transient.value_or(Handles{});
  if (auto done = read(session, transient); !done) return tl::unexpected(done.error());
  // Children, which lie in later slots, before the parents by which they are known.
  for (const std::uint32_t handle : std::views::reverse(transient)) {
    const bool ours = policy.alone ? guard.adopt(handle) : guard.is_ours(handle);
    auto cleared = clear(session, handle, ours, policy, found);
    if (!cleared) return tl::unexpected(cleared.error());
  }
  for (const std::uint32_t handle : handles.loaded_session.value_or(Handles{})) {
    if (policy.alone && guard.adopt(handle) && flush_foreign(session, handle))
      found.sessions.push_back(handle);
  }
  return found;
}

}  // namespace tpmprobe::tpm
