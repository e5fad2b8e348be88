// SPDX-License-Identifier: BSD-2-Clause
// What a killed run has left: every object is looked at first (`read`), since a child is known by
// its parent, and then flushed or left alone (`clear`); sessions follow. Read from the end upwards.
#include "tpm/leftovers.h"

#include <ranges>

#include "tpm/commands/objects.h"

namespace tpmprobe::tpm {
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
