// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/combination.h"

#include <algorithm>

namespace tpmprobe::reports::plain {
namespace {

/// Where the name of the hash begins, with the "-" before it. A key's name may hold a "-" too.
std::size_t hash_start(std::string_view words) {
  return std::min(words.find("-sha"), words.find("-sm3"));
}

}  // namespace

std::optional<Combination> parse_combination(std::string_view id) {
  constexpr std::string_view kFamily = "sign.";
  if (!id.starts_with(kFamily)) return std::nullopt;
  id.remove_prefix(kFamily.size());
  const auto scheme_end = id.find('-');
  const auto key_end = hash_start(id);
  if (scheme_end == std::string_view::npos || key_end == std::string_view::npos)
    return std::nullopt;
  if (scheme_end == 0 || key_end <= scheme_end + 1) return std::nullopt;
  return Combination{std::string(id.substr(0, scheme_end)),
                     std::string(id.substr(scheme_end + 1, key_end - scheme_end - 1)),
                     std::string(id.substr(key_end + 1))};
}

}  // namespace tpmprobe::reports::plain
