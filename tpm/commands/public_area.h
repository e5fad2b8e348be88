// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>

#include <tss2/tss2_mu.h>
#include <tss2/tss2_tpm2_types.h>

#include "tpm/commands/objects.h"

namespace tpmprobe::tpm {

/// A structure in wire form, by its function of tss2-mu; empty if it cannot be marshalled.
template <typename Structure, typename Marshal>
Bytes wire_form(const Structure& value, Marshal marshal) {
  std::array<std::uint8_t, sizeof(Structure)> buffer{};
  std::size_t used = 0;
  if (marshal(&value, buffer.data(), buffer.size(), &used) != TSS2_RC_SUCCESS) return {};
  return Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
}

/// The template of a public area: its wire form with an empty `unique`.
inline Bytes template_form(TPMT_PUBLIC area) {
  area.unique = {};
  return wire_form(area, Tss2_MU_TPMT_PUBLIC_Marshal);
}

/// create_primary with a public area of any form, for the command functions of this room.
Expected<Object> create_primary(Session& session, Hierarchy hierarchy,
                                const TPM2B_PUBLIC& in_public);

}  // namespace tpmprobe::tpm
