// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "doctor/tpm_facts.h"

namespace tpmprobe::doctor {

/// Persistent objects of the owner, which a clear takes away: 0x81000000 to 0x817fffff.
constexpr bool is_of_owner(std::uint32_t handle) {
  constexpr std::uint32_t kFirst = 0x81000000, kAfter = 0x81800000;
  return handle >= kFirst && handle < kAfter;
}

/// Whether a persistent object is there, and was read.
enum class Presence { read, unread, gone };

/// Only a list without the handle says that it is gone.
Presence presence_of(const TpmFacts& tpm, std::uint32_t handle);

}  // namespace tpmprobe::doctor
