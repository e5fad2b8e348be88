// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/persistent.h"

#include <algorithm>

namespace tpmprobe::doctor {

Presence presence_of(const TpmFacts& tpm, std::uint32_t handle) {
  if (tpm.persistent.contains(handle)) return Presence::read;
  const auto& listed = tpm.capabilities.handles.persistent;
  const bool gone = listed && std::ranges::find(*listed, handle) == listed->end();
  return gone ? Presence::gone : Presence::unread;
}

}  // namespace tpmprobe::doctor
