// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/versions.h"

#include <charconv>
#include <vector>

namespace tpmprobe::knowledge {
namespace {

std::vector<int> numbers_of(std::string_view version) {
  if (const auto epoch = version.find(':'); epoch != std::string_view::npos) {
    version.remove_prefix(epoch + 1);
  }
  std::vector<int> numbers;
  while (!version.empty()) {
    int number = 0;
    const auto* end = version.data() + version.size();
    const auto read = std::from_chars(version.data(), end, number);
    if (read.ec != std::errc{}) break;
    numbers.push_back(number);
    version.remove_prefix(static_cast<std::size_t>(read.ptr - version.data()));
    if (!version.starts_with('.')) break;
    version.remove_prefix(1);
  }
  return numbers;
}

}  // namespace

std::strong_ordering compare_versions(std::string_view one, std::string_view other) {
  return numbers_of(one) <=> numbers_of(other);
}

bool is_between(std::string_view version, std::string_view from, std::string_view below) {
  return (from.empty() || compare_versions(version, from) >= 0) &&
         (below.empty() || compare_versions(version, below) < 0);
}

SchemaRange store_schema_of(std::string_view version) {
  SchemaRange range{store_schemas().front().schema, std::nullopt};
  for (const auto& row : store_schemas()) {
    // A row is of all versions that begin with it: 1.9 of 1.9.0 and 1.9.1.
    auto begin = numbers_of(version);
    const auto of_row = numbers_of(row.version);
    if (begin.size() > of_row.size()) begin.resize(of_row.size());
    if (begin < of_row) {
      range.most = row.schema;
      return range;
    }
    range.least = row.schema;
    if (begin == of_row) return {row.schema, row.schema};
  }
  return range;
}

}  // namespace tpmprobe::knowledge
