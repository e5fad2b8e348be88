// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "knowledge/octets.h"
#include "tpm/bytes.h"

/// The ten octets in front of every command and response (TPM 2.0 Part 1, 18 "Command/Response
/// Structure"): tag, size, command or response code. What lies behind them is read by
/// knowledge/wire.h only.
namespace tpmprobe::tpm::header {

inline constexpr std::size_t kSize = 10;       ///< octets of a header
inline constexpr std::size_t kSizeOffset = 2;  ///< of commandSize or responseSize
inline constexpr std::size_t kCodeOffset = 6;  ///< of commandCode or responseCode

inline constexpr std::uint16_t kNoSessions = 0x8001;  ///< TPM_ST_NO_SESSIONS
inline constexpr std::uint16_t kSessions = 0x8002;    ///< TPM_ST_SESSIONS
inline constexpr std::uint16_t kTpm12 = 0x00C4;       ///< TPM_ST_RSP_COMMAND: how a TPM 1.2 answers

/// Big-endian integer of `octets` octets at `offset`; 0 if they are not all there.
inline std::uint64_t load(ByteView bytes, std::size_t offset, std::size_t octets) {
  if (offset > bytes.size() || octets > bytes.size() - offset) return 0;
  return knowledge::big_endian(bytes, offset, octets);
}

/// Writes `value` big-endian into the `octets` octets at `offset`; nothing if they are not there.
inline void store(Bytes& bytes, std::size_t offset, std::size_t octets, std::uint64_t value) {
  if (offset > bytes.size() || octets > bytes.size() - offset) return;
  for (std::size_t i = octets; i-- > 0; value >>= 8U) {
    bytes[offset + i] = static_cast<std::uint8_t>(value);
  }
}

/// Adds `value` big-endian in `octets` octets.
inline void append(Bytes& bytes, std::size_t octets, std::uint64_t value) {
  bytes.resize(bytes.size() + octets);
  store(bytes, bytes.size() - octets, octets, value);
}

/// TPM_ST, 0 if the octets are too few.
inline std::uint16_t tag(ByteView message) {
  return static_cast<std::uint16_t>(load(message, 0, 2));
}

/// commandSize or responseSize: what the message says of its own size.
inline std::size_t claimed_size(ByteView message) {
  return load(message, kSizeOffset, 4);
}

/// A header-only response, as every TPM_RC but success is answered (Part 1, 18.4).
inline Bytes response(std::uint32_t rc, std::uint16_t with_tag = kNoSessions) {
  Bytes octets(kSize);
  store(octets, 0, 2, with_tag);
  store(octets, kSizeOffset, 4, kSize);
  store(octets, kCodeOffset, 4, rc);
  return octets;
}

}  // namespace tpmprobe::tpm::header
