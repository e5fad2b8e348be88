// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/leftovers.h"

#include <algorithm>

#include "tpm/commands/objects.h"
#include "tpm/marker.h"

namespace tpmprobe::tpm {
namespace {

enum class Owner { us, somebody };

Expected<Owner> owner_of(Session& session, std::uint32_t handle) {
  auto object = read_public(session, handle);
  if (object) {
    return std::ranges::equal(object->auth_policy, kMarker) ? Owner::us : Owner::somebody;
  }
  // A sequence object has no public area, and an object may have gone meanwhile.
  if (object.error().kind == Error::Kind::tpm) return Owner::somebody;
  return tl::unexpected(object.error());
}

/// One object, and what this run may do about it.
Expected<void> clear(Session& session, Guard& guard, std::uint32_t handle,
                     const LeftoverPolicy& policy, Leftovers& found) {
  auto owner = owner_of(session, handle);
  if (!owner) return tl::unexpected(owner.error());
  const bool ours = *owner == Owner::us;
  if (ours && policy.alone && guard.adopt(handle)) {
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
                                    std::span<const std::uint32_t> transient,
                                    const LeftoverPolicy& policy) {
  Leftovers found;
  for (const std::uint32_t handle : transient) {
    auto cleared = clear(session, guard, handle, policy, found);
    if (!cleared) return tl::unexpected(cleared.error());
  }
  return found;
}

}  // namespace tpmprobe::tpm
