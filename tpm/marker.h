// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tpm/bytes.h"

namespace tpmprobe::tpm {

/// What the marker is the SHA-256 digest of. Never to change: a later version must still know the
/// leftovers of an earlier one.
inline constexpr std::string_view kMarkerText = "tpmprobe object marker, version 1";

/// authPolicy of every object that tpmprobe makes without a policy, by which the next run knows the
/// leftovers of a run that was killed. As a policy it can never be satisfied, since no policy
/// session arrives at the digest of a text; the objects are used by their auth value
/// (userWithAuth).
///
/// An object with a real policy has no room for it: a policy is one digest, and a PolicyOR of
/// marker and policy is known only to who can guess the policy. But such an object lies below a
/// parent that is marked, and TPM2_ReadPublic proves that: its qualified name is a digest over the
/// one of the parent. The parent stays as long as its children: they are flushed first.
extern const std::array<std::uint8_t, 32> kMarker;

/// The qualified name of an object called `name` below the parent of this qualified name (Part 1,
/// 16 "Names"). Empty if its hash cannot be computed here.
Bytes qualified_name(ByteView parent, ByteView name);

}  // namespace tpmprobe::tpm
