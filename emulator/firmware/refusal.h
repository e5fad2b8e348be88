// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "emulator/firmware/capability_lists.h"
#include "knowledge/command_table.h"
#include "knowledge/refusals.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// A parameter that a firmware does not take.
struct Refusal {
  std::uint32_t rc = 0;    ///< with position: 0x1d5
  unsigned parameter = 1;  ///< which one, from 1
  std::size_t offset = 0;  ///< where it starts in the command
};

/// What a firmware takes of callers.
class Limits {
 public:
  /// Both outlive this.
  Limits(const knowledge::FirmwareProfile& profile, const CapabilityLists& lists)
      : profile_(profile), lists_(lists) {}

  /// The code without position that a value of a field of this kind is refused with, or 0.
  [[nodiscard]] std::uint32_t refuse(const knowledge::ValueRefusal& kind,
                                     std::uint64_t value) const;

  /// The same for a TPM2B of so many octets.
  [[nodiscard]] std::uint32_t refuse(const knowledge::SizeRefusal& kind, std::size_t octets) const;

  [[nodiscard]] const knowledge::FirmwareProfile& profile() const { return profile_; }

 private:
  const knowledge::FirmwareProfile& profile_;
  const CapabilityLists& lists_;
};

/// The first parameter that is refused, in the order in which a TPM reads them (Part 1, 18.9);
/// nothing if there is none before the first that cannot be read. What only a TPM fills, and the
/// inside of an encrypted parameter, is not looked at.
std::optional<Refusal> find_refusal(const tpm::WireExchange& exchange, const Limits& limits);

/// Whether a parameter of this type can be refused at all.
bool can_be_refused(const knowledge::TypeInfo& type);

}  // namespace tpmprobe::emulator
