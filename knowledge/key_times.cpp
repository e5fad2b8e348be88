// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/key_times.h"

namespace tpmprobe::knowledge {

const KeyTime* find_key_time(std::string_view manufacturer, std::uint16_t bits) {
  const KeyTime* found = nullptr;
  for (const KeyTime& row : key_times()) {
    if (row.bits != bits) continue;
    if (row.manufacturer == manufacturer) return &row;
    if (row.manufacturer.empty()) found = &row;
  }
  return found;
}

}  // namespace tpmprobe::knowledge
