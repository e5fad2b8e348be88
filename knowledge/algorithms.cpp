// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/algorithms.h"

#include <algorithm>

#include "knowledge/capabilities.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

constexpr std::string_view kCurvePrefix = "TPM_ECC_";

template <typename Row>
const Row* find_id(std::span<const Row> rows, std::uint16_t id) {
  const auto found = std::ranges::lower_bound(rows, id, {}, &Row::id);
  return found != rows.end() && found->id == id ? &*found : nullptr;
}

template <typename Row, typename Match>
const Row* find_match(std::span<const Row> rows, Match match) {
  const auto found = std::ranges::find_if(rows, match);
  return found == rows.end() ? nullptr : &*found;
}

/// Whether `name` is one of what every row has: name, title, aliases.
template <typename Row>
bool is_called(const Row& row, std::string_view name) {
  return same_word(row.name, name) || same_word(row.title, name) ||
         std::ranges::any_of(row.aliases, [&](auto alias) { return same_word(alias, name); });
}

template <typename Row>
std::string name_or_number(const Row* row, std::uint16_t id) {
  return row == nullptr ? hex(id, 4) : std::string(row->name);
}

}  // namespace

const AlgorithmInfo* find_algorithm(std::uint16_t id) {
  return find_id(algorithms(), id);
}

const AlgorithmInfo* find_algorithm(std::string_view name) {
  take_prefix(name, "TPM_ALG_") || take_prefix(name, "TPM2_ALG_");
  return find_match(algorithms(), [&](const auto& row) { return is_called(row, name); });
}

const CurveInfo* find_curve(std::uint16_t id) {
  return find_id(curves(), id);
}

const CurveInfo* find_curve(std::string_view name) {
  take_prefix(name, kCurvePrefix) || take_prefix(name, "TPM2_ECC_");
  return find_match(curves(), [&](const auto& row) {
    return is_called(row, name) || same_word(row.short_title, name) ||
           same_word(row.symbol.substr(kCurvePrefix.size()), name);
  });
}

std::string algorithm_name(std::uint16_t id) {
  return name_or_number(find_algorithm(id), id);
}

std::string curve_name(std::uint16_t id) {
  return name_or_number(find_curve(id), id);
}

std::string algorithm_attributes(std::uint32_t attributes) {
  return bit_words("TPMA_ALGORITHM", attributes);
}

}  // namespace tpmprobe::knowledge
