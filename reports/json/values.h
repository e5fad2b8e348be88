// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace tpmprobe::reports::json {

using Json = nlohmann::ordered_json;

/// Milliseconds to the microsecond.
double milliseconds(double value);

/// Null if there is nothing to say.
Json text_or_null(const std::string& text);
Json text_or_null(const std::optional<std::string>& text);

/// The value, or null if it is not known.
template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Hexadecimal digits at least: of a response code, TPM_CC or TPM_PT, of a 16-bit id, of 32 bits.
inline constexpr int kCodeDigits = 3, kIdDigits = 4, kWordDigits = 8;

/// The name in a row of knowledge, null if there is no such row.
template <typename Info>
Json name_or_null(const Info* info) {
  return info != nullptr ? Json(info->name) : Json(nullptr);
}

/// {"id": "0x15d", "name": "TPM2_Sign"} of a TPM_CC.
Json named_command(std::uint32_t code);

/// An array with one value for each element.
template <typename List, typename Make>
Json array_of(const List& list, Make make) {
  Json array = Json::array();
  for (const auto& element : list) array.push_back(make(element));
  return array;
}

/// The same for a list that may not have been read: then null.
template <typename List, typename Make>
Json array_or_null(const std::optional<List>& list, Make make) {
  return list ? array_of(*list, make) : Json(nullptr);
}

}  // namespace tpmprobe::reports::json
