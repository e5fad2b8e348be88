// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "emulator/quirk/quirk.h"
#include "knowledge/wire.h"
#include "tpm/bytes.h"

namespace tpmprobe::emulator {

/// The first field that the pattern names, or null.
const knowledge::WireField* find_named(const std::vector<knowledge::WireField>& fields,
                                       std::string_view pattern);

/// What a change makes of the octets of a field.
Bytes changed_octets(Change change, std::uint64_t value, const knowledge::WireField& field,
                     ByteView octets);

/// The message (a command or response) with other octets for this one of its fields. The sizes of
/// all buffers around it and of the message are right again.
Bytes replace_field(const std::vector<knowledge::WireField>& fields,
                    const knowledge::WireField& field, ByteView message, const Bytes& octets);

}  // namespace tpmprobe::emulator
