// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/command_looks.h"

#include <algorithm>

#include "emulator/firmware/refusal.h"
#include "knowledge/command_table.h"
#include "knowledge/handles.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::uint32_t kCommandIndex = 0xFFFF;  // commandIndex

Look look_of(const knowledge::CommandInfo& info) {
  const bool some = std::ranges::any_of(info.parameters, [](const knowledge::Field& parameter) {
    return can_be_refused(knowledge::types()[parameter.type]);
  });
  return some ? Look::parameters : Look::nothing;
}

}  // namespace

CommandLooks::CommandLooks(const std::optional<std::vector<std::uint32_t>>& commands)
    : any_vendor_(!commands) {
  library_.fill(commands ? Look::absent : Look::nothing);
  for (const std::uint32_t attributes : commands.value_or(std::vector<std::uint32_t>{})) {
    const std::uint32_t index = attributes & kCommandIndex;
    if ((attributes & knowledge::kCcV) != 0)
      vendor_.push_back(attributes & (knowledge::kCcV | kCommandIndex));
    if ((attributes & knowledge::kCcV) == 0 && index < kLibrary) library_[index] = Look::nothing;
  }
  for (const knowledge::CommandInfo& info : knowledge::commands()) {
    if (info.code < kLibrary && library_[info.code] != Look::absent) {
      library_[info.code] = look_of(info);
    }
  }
}

Look CommandLooks::of(std::uint32_t code) const {
  if (code < kLibrary) return library_[code];
  const bool has = any_vendor_ || std::ranges::find(vendor_, code) != vendor_.end();
  return has ? Look::nothing : Look::absent;
}

}  // namespace tpmprobe::emulator
