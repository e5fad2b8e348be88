// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

/// TPM_HT, the first octet of a handle: TPM 2.0 Part 2, 7.2.
enum class HandleKind : std::uint8_t {
  pcr = 0x00,
  nv_index = 0x01,
  hmac_session = 0x02,
  policy_session = 0x03,
  permanent = 0x40,
  transient = 0x80,
  persistent = 0x81,
};

constexpr HandleKind kind_of(std::uint32_t handle) {
  return static_cast<HandleKind>(handle >> 24U);
}

constexpr bool is_session(std::uint32_t handle) {
  return kind_of(handle) == HandleKind::hmac_session ||
         kind_of(handle) == HandleKind::policy_session;
}

/// The handle that a TPM2_FlushContext names; nothing if that cannot be read. It is a parameter, so
/// that a saved session can be named by it (Part 3, 28.4).
std::optional<std::uint32_t> flushed_handle(const WireExchange& exchange);

/// What one run has seen of the handles of a TPM: which ones it made itself, and what their public
/// areas say. Learns from every exchange that passes, whoever sent the command.
class HandleLedger {
 public:
  /// Takes note of a command and the response to it. Octets that cannot be read teach nothing.
  void learn(const WireExchange& exchange);

  /// Whether a failed authorization of this handle counts towards lockout (Part 1, 19.8.1). What is
  /// not known counts as protected.
  [[nodiscard]] bool is_protected(std::uint32_t handle) const;

  /// Transient objects, sequences and sessions that this run made and has not flushed.
  [[nodiscard]] const std::set<std::uint32_t>& own() const { return own_; }

  /// Whether this run made the object by TPM2_CreatePrimary, and so chose its authorization value.
  [[nodiscard]] bool is_own_primary(std::uint32_t handle) const;

  /// Whether TPM2_ReadPublic showed this transient object as one that tpmprobe made: it carries our
  /// marker, or lies below one that does and is there still (tpm/marker.h).
  [[nodiscard]] bool is_ours(std::uint32_t handle) const;

  /// Makes a transient object this run's own if `is_ours`, and a session if such an object was
  /// adopted before; else false. A session shows nothing of who started it, but whoever keeps one
  /// open on a TPM without resource manager also holds the object that it uses.
  bool adopt(std::uint32_t handle);

 private:
  struct Facts {
    bool exempt = false;   ///< from dictionary attack protection
    bool marked = false;   ///< authPolicy is our marker
    bool primary = false;  ///< made by TPM2_CreatePrimary of this run
    Bytes name = {}, qualified_name = {};
  };

  void learn_new_handle(const WireExchange& exchange);
  void learn_public(const WireExchange& exchange);
  void forget_ended_sessions(const knowledge::WireCommand& command,
                             const knowledge::WireResponse& response);
  void forget(std::uint32_t handle);

  std::set<std::uint32_t> own_;
  std::map<std::uint32_t, Facts> facts_;
  bool adopted_ = false;  // an object of a killed run
};

}  // namespace tpmprobe::tpm
