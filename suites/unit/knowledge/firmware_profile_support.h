// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "knowledge/firmware_profile/profile.h"

namespace tpmprobe::knowledge {

/// "pointer: reason" of a text that must not be read.
template <typename Read>
std::string error_of(Read&& read, std::string_view text) {
  const auto profile = read(text);
  return profile ? "no error" : profile.error().pointer + ": " + profile.error().reason;
}

/// What is read from a text that must be right.
inline FirmwareProfile any_profile(std::string_view text) {
  const auto profile = read_any_profile(text);
  EXPECT_TRUE(profile) << profile.error().pointer << ": " << profile.error().reason;
  return profile.value_or(FirmwareProfile{});
}

/// Reads every start of a text: each is a profile or an error with a reason. Returns how many of
/// them are a profile.
inline std::size_t read_all_starts(std::string_view text) {
  std::size_t read = 0;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto profile = read_any_profile(text.substr(0, size));
    read += profile ? 1 : 0;
    if (!profile) {
      EXPECT_NE(profile.error().reason, "");
    }
  }
  return read;
}

}  // namespace tpmprobe::knowledge
