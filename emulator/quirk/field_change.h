// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

#include "emulator/quirk/quirk.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// The first field that the pattern names, or null.
const knowledge::WireField* find_named(const tpm::Parameters& parameters, std::string_view pattern);

/// What a change makes of the octets of a field.
Bytes changed_octets(Change change, std::uint64_t value, const knowledge::WireField& field,
                     ByteView octets);

/// The message (a command or response) with other octets for this one of its fields. The sizes of
/// all buffers around it and of the message are right again.
Bytes replace_field(const tpm::Parameters& parameters, const knowledge::WireField& field,
                    const Bytes& octets);

}  // namespace tpmprobe::emulator
