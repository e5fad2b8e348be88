// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/refusals.h"

#include <algorithm>

namespace tpmprobe::knowledge {
namespace {

template <typename Row>
const Row* find_row(std::span<const Row> rows, std::string_view type) {
  const auto found = std::ranges::lower_bound(rows, type, {}, &Row::type);
  return found != rows.end() && found->type == type ? &*found : nullptr;
}

}  // namespace

const ValueRefusal* find_value_refusal(std::string_view type) {
  return find_row(value_refusals(), type);
}

const SizeRefusal* find_size_refusal(std::string_view type) {
  return find_row(size_refusals(), type);
}

bool is_made_by_tpm(std::string_view type) {
  return std::ranges::binary_search(types_made_by_tpm(), type);
}

}  // namespace tpmprobe::knowledge
