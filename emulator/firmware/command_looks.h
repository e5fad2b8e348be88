// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace tpmprobe::emulator {

/// What a firmware has to look at in a command.
enum class Look : std::uint8_t {
  nothing,     ///< it passes as it is
  absent,      ///< the firmware does not have this command
  parameters,  ///< some could be refused
};

/// One look for each command, found once.
class CommandLooks {
 public:
  /// `commands` are the TPMA_CC that the firmware has; nullopt: all.
  explicit CommandLooks(const std::optional<std::vector<std::uint32_t>>& commands);

  /// By TPM_CC.
  [[nodiscard]] Look of(std::uint32_t code) const;

 private:
  static constexpr std::size_t kLibrary = 0x200;  // past the last code of Part 2, 6.5.2

  std::array<Look, kLibrary> library_{};
  bool any_vendor_ = false;
  std::vector<std::uint32_t> vendor_;
};

}  // namespace tpmprobe::emulator
