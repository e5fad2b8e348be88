// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "knowledge/wire.h"
#include "tpm/bytes.h"

namespace tpmprobe::emulator {

/// A command, read as far as somebody asks. What cannot be read has no handles and no fields.
class CommandView {
 public:
  /// The octets outlive this.
  explicit CommandView(ByteView octets) : octets_(octets) {}

  [[nodiscard]] ByteView octets() const { return octets_; }
  /// TPM_CC, 0 if the command is too short to have one.
  [[nodiscard]] std::uint32_t code() const { return knowledge::command_code(octets_); }
  [[nodiscard]] const std::vector<std::uint32_t>& handles() const { return split().handles; }
  [[nodiscard]] const std::vector<knowledge::WireField>& fields() const;
  /// Null if there is no such integer.
  [[nodiscard]] const knowledge::WireField* integer(std::string_view path) const;
  /// Which parameter of the command the field lies in, from 1; 0 if in none.
  [[nodiscard]] unsigned parameter_number(const knowledge::WireField& field) const;
  /// Reads the response to this command; nothing if it is no success or not well-formed.
  [[nodiscard]] std::optional<knowledge::WireResponse> split_response(ByteView response) const;
  /// The fields of a response that `split_response` read.
  [[nodiscard]] std::vector<knowledge::WireField> fields_of(
      const knowledge::WireResponse& response) const;

 private:
  const knowledge::WireCommand& split() const;

  ByteView octets_;
  mutable std::optional<knowledge::WireCommand> split_;
  mutable std::optional<std::vector<knowledge::WireField>> fields_;
};

}  // namespace tpmprobe::emulator
