// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <concepts>
#include <cstdint>

#include "tpm/layers/header.h"

namespace tpmprobe::tpm {

/// Makes the octets of a command that we send ourselves (Part 1, 18): what is not given it does not
/// have. Nothing is held against the command table.
class CommandBuilder {
 public:
  /// `code` is the TPM_CC.
  explicit CommandBuilder(std::uint32_t code) : code_(code) {}

  /// The next handle.
  CommandBuilder& handle(std::uint32_t handle) {
    header::append(handles_, sizeof handle, handle);
    return *this;
  }

  /// The next authorization is a password (TPM_RS_PW), by default the empty one.
  CommandBuilder& password(ByteView value = {});

  /// The next parameter, or member of one: an integer of this width.
  template <std::unsigned_integral Number>
  CommandBuilder& parameter(Number value) {
    header::append(parameters_, sizeof value, value);
    return *this;
  }

  [[nodiscard]] Bytes build() const;

 private:
  std::uint32_t code_;
  Bytes handles_, passwords_, parameters_;
};

}  // namespace tpmprobe::tpm
