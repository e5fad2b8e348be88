// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "emulator/quirk/capability_page.h"
#include "knowledge/firmware_profile/profile.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// One whole list of TPM2_GetCapability, in the TPM's order.
using CapabilityEntries = std::vector<CapabilityEntry>;

/// The entries of a list from `first` on and before `past`, page by page. Errors: those of the
/// transport; tpm (the question is refused); malformed (the answer is no such list).
Expected<CapabilityEntries> read_entries(tpm::Transport& tpm, CapabilityList list,
                                         std::uint32_t first, std::uint32_t past);

/// The lists of a TPM that looks like a firmware: those of the profile, less what the engine lacks.
class CapabilityLists {
 public:
  /// Asks the engine for its own lists, and which key sizes it has. Errors: see `read_entries`.
  static Expected<CapabilityLists> create(tpm::Transport& engine,
                                          const knowledge::FirmwareProfile& profile);

  /// Null if the profile does not know this list: then it is the engine's. Of the properties it
  /// has the fixed ones.
  [[nodiscard]] const CapabilityEntries* find(CapabilityList list) const;

  /// Value of a fixed TPM_PT, nullopt if it is not listed.
  [[nodiscard]] std::optional<std::uint32_t> property(std::uint32_t tag) const;

  /// What the profile has and the engine has not, see FirmwareLayer.
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

 private:
  class Builder;

  std::optional<CapabilityEntries> algorithms_, commands_, curves_, properties_;
  std::vector<std::string> missing_;
};

}  // namespace tpmprobe::emulator
