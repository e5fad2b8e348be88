// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emulator/quirk/quirk.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// One element of a capability list as it is on the wire, and what it is called by.
struct CapabilityEntry {
  std::uint32_t key = 0;  ///< as `CapabilityList` says
  Bytes octets;
};

/// What one answer of TPM2_GetCapability lists (Part 3, 30.2).
struct CapabilityPage {
  bool more_data = false;
  std::vector<CapabilityEntry> entries;
};

/// TPM_CAP of a list (Part 2, 6.12).
std::uint32_t capability_of(CapabilityList list);

/// Whether the command is TPM2_GetCapability for this TPM_CAP.
bool asks_for(const tpm::WireExchange& exchange, std::uint32_t capability);

/// The entries of a response to TPM2_GetCapability; nothing if it is not one with such a list.
std::optional<CapabilityPage> read_page(const tpm::WireExchange& exchange, CapabilityList list);

/// Gives the response another page, if it is one that `read_page` could read.
void replace_page(tpm::WireExchange& exchange, const CapabilityPage& page);

}  // namespace tpmprobe::emulator
