// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "emulator/firmware/capability_lists.h"

namespace tpmprobe::emulator {

/// Answers TPM2_GetCapability for a firmware.
class CapabilityAnswer {
 public:
  /// All outlive this. `profile` says which PCR banks the firmware has, and whether it refuses to
  /// list its curves.
  CapabilityAnswer(const CapabilityLists& lists, const knowledge::FirmwareProfile& profile,
                   tpm::Transport& engine)
      : lists_(lists), profile_(profile), engine_(engine) {}

  /// Puts what the firmware says in place of what the engine answered. Errors: those of the
  /// transport.
  Expected<void> replace(tpm::WireExchange& exchange) const;

 private:
  [[nodiscard]] Expected<CapabilityPage> page_of(CapabilityList list, std::uint32_t first,
                                                 std::size_t count) const;
  [[nodiscard]] Expected<void> add_variable(CapabilityPage& page, std::size_t count) const;
  void hide_banks(CapabilityPage& page) const;

  const CapabilityLists& lists_;
  const knowledge::FirmwareProfile& profile_;
  tpm::Transport& engine_;
};

}  // namespace tpmprobe::emulator
