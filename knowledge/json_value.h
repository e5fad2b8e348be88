// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "knowledge/document.h"

namespace tpmprobe::knowledge {

/// A value of a JSON document that knows where it stands. What is asked of it and not so is thrown
/// as a `DocumentError`; `read_document` catches that, so that readers are straight lines.
class JsonValue {
 public:
  JsonValue(const nlohmann::json& json, std::string pointer)
      : json_(&json), pointer_(std::move(pointer)) {}

  [[noreturn]] void fail(std::string reason) const;

  /// Requires an object with all members of `needed` and none beyond `allowed`.
  void require_members(std::initializer_list<std::string_view> needed,
                       std::initializer_list<std::string_view> allowed = {}) const;
  [[nodiscard]] bool is_object() const { return json_->is_object(); }
  [[nodiscard]] bool is_string() const { return json_->is_string(); }
  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] bool has(std::string_view name) const;
  /// A member that must be there.
  [[nodiscard]] JsonValue at(std::string_view name) const;
  /// Names of the members of an object.
  [[nodiscard]] std::vector<std::string> names() const;
  /// The elements of an array.
  [[nodiscard]] std::vector<JsonValue> elements() const;

  [[nodiscard]] std::string text() const;
  /// The texts of an array of strings.
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double real() const;
  /// A JSON number or a "0x..." string, no longer than so many bits.
  [[nodiscard]] std::uint64_t number(unsigned bits) const;
  /// The raw value, for what is not covered here.
  [[nodiscard]] const nlohmann::json& json() const { return *json_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

 private:
  const nlohmann::json* json_;
  std::string pointer_;
};

/// Parses `text` and calls `read` with its root. Text that is no JSON, with a member twice in one
/// object, or nested too deeply, is an error, as is whatever `read` does not accept.
template <typename Read>
auto read_document(std::string_view text, Read&& read)
    -> tl::expected<decltype(read(std::declval<JsonValue>())), DocumentError>;

/// The parse of `read_document`.
tl::expected<nlohmann::json, DocumentError> parse_json(std::string_view text);

template <typename Read>
auto read_document(std::string_view text, Read&& read)
    -> tl::expected<decltype(read(std::declval<JsonValue>())), DocumentError> {
  const auto root = parse_json(text);
  if (!root) return tl::unexpected(root.error());
  try {
    return read(JsonValue(*root, ""));
  } catch (const DocumentError& error) {
    return tl::unexpected(error);
  }
}

}  // namespace tpmprobe::knowledge
