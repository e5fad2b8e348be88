// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tpmprobe::tpm {

/// What the marker is the SHA-256 digest of. Never to change: a later version must still know the
/// leftovers of an earlier one.
inline constexpr std::string_view kMarkerText = "tpmprobe object marker, version 1";

/// authPolicy of every object that tpmprobe makes, by which the next run knows the leftovers of a
/// run that was killed. As a policy it can never be satisfied, since no policy session arrives at
/// the digest of a text; the objects are used by their auth value (userWithAuth).
extern const std::array<std::uint8_t, 32> kMarker;

}  // namespace tpmprobe::tpm
