// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "knowledge/wire.h"
#include "tpm/bytes.h"

namespace tpmprobe::tpm {

/// The parameters of a command or response as fields, over the octets of the message that they are
/// part of. Of what cannot be read there are no fields.
struct Parameters {
  ByteView message;
  std::vector<knowledge::WireField> fields;

  /// Null if there is no such field.
  [[nodiscard]] const knowledge::WireField* find(std::string_view path) const {
    return knowledge::find_field(fields, path);
  }
  /// 0 if there is no such integer.
  [[nodiscard]] std::uint64_t value(std::string_view path) const {
    const auto* field = find(path);
    return field == nullptr ? 0 : field->value;
  }
  /// Empty if there is no such field.
  [[nodiscard]] ByteView octets(std::string_view path) const {
    const auto* field = find(path);
    return field == nullptr ? ByteView() : octets(*field);
  }
  /// The octets of one of `fields`.
  [[nodiscard]] ByteView octets(const knowledge::WireField& field) const {
    return message.subspan(field.offset, field.size);
  }
};

/// One command and the response to it, which all layers are given: each part is read when the first
/// of them asks, and only once. Other octets for the response drop what was read of the old ones.
class WireExchange {
 public:
  /// The octets outlive this.
  explicit WireExchange(ByteView command) : command_(command) {}
  /// Keeps the octets itself.
  explicit WireExchange(Bytes&& command) : own_(std::move(command)), command_(own_) {}
  WireExchange(const WireExchange&) = delete;
  WireExchange& operator=(const WireExchange&) = delete;
  ~WireExchange() = default;

  [[nodiscard]] ByteView command() const { return command_; }
  /// TPM_CC, 0 if the command is too short to have one.
  [[nodiscard]] std::uint32_t code() const { return knowledge::command_code(command_); }
  /// The parts of the command, or why there are none.
  [[nodiscard]] const knowledge::WireExpected<knowledge::WireCommand>& request() const;
  /// The parameters of the command.
  [[nodiscard]] const Parameters& asked() const;

  /// From now on this is the response.
  void answer(Bytes response);
  /// Empty before the first `answer`.
  [[nodiscard]] const Bytes& response() const { return response_; }
  /// Leaves none.
  Bytes take_response();
  /// Response code, 0 if the response is too short to have one.
  [[nodiscard]] std::uint32_t rc() const { return knowledge::response_code(response_); }
  /// The parts of the response, or why there are none: it or the command cannot be split.
  [[nodiscard]] const knowledge::WireExpected<knowledge::WireResponse>& reply() const;
  /// The parts of a well-formed response with code 0, else null.
  [[nodiscard]] const knowledge::WireResponse* success() const;
  /// The parameters of a `success`.
  [[nodiscard]] const Parameters& given() const;

 private:
  Bytes own_;
  ByteView command_;
  Bytes response_;
  mutable std::optional<knowledge::WireExpected<knowledge::WireCommand>> request_;
  mutable std::optional<knowledge::WireExpected<knowledge::WireResponse>> reply_;
  mutable std::optional<Parameters> asked_, given_;
};

}  // namespace tpmprobe::tpm
