// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/condition.h"

#include <algorithm>

namespace tpmprobe::emulator {
namespace {

using knowledge::WireField;

constexpr std::string_view kAnyNames = "...";

template <typename List, typename Value>
bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

bool is_meant(const FieldIs& wanted, const WireField& field) {
  return field.is_integer && contains(wanted.values, field.value) &&
         (wanted.type.empty() || wanted.type == field.type) && names(wanted.path, field.path);
}

bool is_meant(const FieldRange& wanted, const WireField& field) {
  return field.is_integer && field.value >= wanted.at_least && field.value <= wanted.at_most &&
         names(wanted.path, field.path);
}

template <typename Wanted>
const WireField* find_meant(const Wanted& wanted, const tpm::WireExchange& command) {
  const auto& fields = command.asked().fields;
  const auto found =
      std::ranges::find_if(fields, [&](const WireField& field) { return is_meant(wanted, field); });
  return found == fields.end() ? nullptr : &*found;
}

bool has_one_of(const std::vector<std::uint32_t>& wanted, const tpm::WireExchange& command) {
  if (wanted.empty()) return true;
  const auto& request = command.request();
  return request && std::ranges::any_of(request->handles, [&](std::uint32_t handle) {
           return contains(wanted, handle);
         });
}

/// False if one of the list is about no field of the command; keeps the first field found.
template <typename Wanted>
bool meets_all(const std::vector<Wanted>& list, const tpm::WireExchange& command,
               const WireField*& first) {
  return std::ranges::all_of(list, [&](const Wanted& wanted) {
    const WireField* field = find_meant(wanted, command);
    if (first == nullptr) first = field;
    return field != nullptr;
  });
}

}  // namespace

Match match(const Condition& condition, const tpm::WireExchange& command) {
  const std::uint32_t code = command.code();
  if (!condition.commands.empty() && !contains(condition.commands, code)) return {};
  if (contains(condition.except, code)) return {};
  if (!has_one_of(condition.handles, command)) return {};
  Match result;
  result.holds = meets_all(condition.ranges, command, result.field) &&
                 meets_all(condition.values, command, result.field);
  return result;
}

bool is_meant(const Calls& calls, unsigned nth) {
  if (nth < calls.from) return false;
  if (calls.count != 0 && nth - calls.from >= calls.count) return false;
  return calls.every < 2 || nth % calls.every == 0;
}

bool names(std::string_view pattern, std::string_view path) {
  const std::size_t gap = pattern.find(kAnyNames);
  if (gap == std::string_view::npos) return pattern == path;
  const std::string_view head = pattern.substr(0, gap);
  const std::string_view tail = pattern.substr(gap + kAnyNames.size());
  if (head.empty() && tail == path) return true;
  if (path.size() < head.size() + tail.size() + 1) return false;
  const bool head_fits = head.empty() || (path.starts_with(head) && path[head.size()] == '.');
  const bool tail_fits =
      tail.empty() || (path.ends_with(tail) && path[path.size() - tail.size() - 1] == '.');
  return head_fits && tail_fits;
}

}  // namespace tpmprobe::emulator
