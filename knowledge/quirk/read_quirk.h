// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knowledge/json_value.h"
#include "knowledge/quirk/effect.h"

/// The parts of a quirk's file, as members of its JSON. What is wrong is thrown, as `JsonValue`
/// does.
namespace tpmprobe::knowledge::reading {

Condition condition(const JsonValue& json);
QuirkEffect effect(const JsonValue& json);

/// TPM_CC of an array of command names.
std::vector<std::uint32_t> commands(const JsonValue& json);
/// An array of numbers of so many bits.
std::vector<std::uint64_t> numbers(const JsonValue& json, unsigned bits);
std::vector<std::uint32_t> words(const JsonValue& json);
/// A text that is not empty.
std::string line(const JsonValue& json);

/// The value that stands for the word.
template <typename T, std::size_t n>
T one_of(const JsonValue& json, const std::array<std::pair<std::string_view, T>, n>& table) {
  const std::string word = json.text();
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  json.fail("'" + word + "' is not one of the allowed words");
}

}  // namespace tpmprobe::knowledge::reading
