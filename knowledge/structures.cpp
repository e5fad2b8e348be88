// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/structures.h"

#include <algorithm>

namespace tpmprobe::knowledge {

const TypeInfo* find_type(std::string_view name) {
  const auto all = types();
  const auto found = std::ranges::lower_bound(all, name, {}, &TypeInfo::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace tpmprobe::knowledge
