// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/quirk_layer.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "emulator/quirk/effects.h"
#include "knowledge/algorithm_ids.h"

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

namespace {

bool substitutes(const Rule& rule, std::uint16_t type, bool sound) {
  const auto* effect = std::get_if<SubstituteKey>(&rule.effect);
  return effect != nullptr && effect->type == type && (effect->shape == KeyShape::sound) == sound;
}

// A sound key of the emulator's own only lends its private half to other effects, and a weak one
// does that as well: two substitutions of one key would hide each other.
template <typename ActiveRules>
void drop_needless_substitutions(ActiveRules& rules, std::uint16_t type) {
  const bool has_weak = std::ranges::any_of(
      rules, [&](const auto& active) { return substitutes(active.rule, type, false); });
  if (!has_weak) return;
  std::erase_if(rules, [&](const auto& active) { return substitutes(active.rule, type, true); });
}

/// Which parameter of the command the field lies in, from 1; 0 without a field.
unsigned parameter_number(const tpm::WireExchange& wire, const knowledge::WireField* field) {
  if (field == nullptr) return 0;
  const auto parameters = wire.request()->info->parameters;
  const std::string_view name = std::string_view(field->path).substr(0, field->path.find('.'));
  const auto found = std::ranges::find(parameters, name, &knowledge::Field::name);
  return found == parameters.end() ? 0 : static_cast<unsigned>(found - parameters.begin()) + 1;
}

}  // namespace

QuirkLayer::QuirkLayer(tpm::TransportPtr below, std::vector<Quirk> quirks, tpm::Clock& clock)
    : Layer(std::move(below)), clock_(clock), book_(this->below()), vault_(this->below()) {
  for (Quirk& quirk : quirks) {
    for (Rule& rule : quirk.rules) {
      counts_objects_ |= rule.when.loaded_objects.has_value();
      rules_.push_back({std::move(rule), 0, std::nullopt});
    }
  }
  for (const std::uint16_t type : {knowledge::alg::kRsa, knowledge::alg::kEcc}) {
    drop_needless_substitutions(rules_, type);
  }
}

Expected<void> QuirkLayer::carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
  if (!start_) start_ = clock_.now();
  return answer_from(0, exchange, deadline);
}

Expected<void> QuirkLayer::ask_tpm(tpm::WireExchange& wire, tpm::TimePoint deadline) {
  auto carried = below().carry(wire, deadline);
  if (!carried) return carried;
  book_.learn(wire);
  vault_.learn(wire);
  if (counts_objects_) ledger_.learn(wire);
  return carried;
}

// What a condition asks beside the command itself.
bool QuirkLayer::is_time_for(const Condition& condition) {
  if (condition.first && clock_.now() - *start_ > *condition.first) return false;
  if (!condition.loaded_objects) return true;
  const auto loaded = std::ranges::count_if(ledger_.own(), [](std::uint32_t handle) {
    return tpm::kind_of(handle) == tpm::HandleKind::transient;
  });
  return loaded >= static_cast<std::ptrdiff_t>(*condition.loaded_objects);
}

Expected<void> QuirkLayer::answer_from(std::size_t rule, tpm::WireExchange& wire,
                                       tpm::TimePoint deadline) {
  for (; rule < rules_.size(); ++rule) {
    ActiveRule& active = rules_[rule];
    const Match found = match(active.rule.when, wire);
    if (!found.holds || !is_time_for(active.rule.when)) continue;
    if (!is_meant(active.rule.when.calls, ++active.calls)) continue;
    const auto next = [&](tpm::WireExchange& passed) {
      return answer_from(rule + 1, passed, deadline);
    };
    Exchange exchange{wire,        deadline, clock_, parameter_number(wire, found.field),
                      active.kept, book_,    vault_, next};
    return std::visit([&](const auto& effect) { return apply(effect, exchange); },
                      active.rule.effect);
  }
  return ask_tpm(wire, deadline);
}

}  // namespace tpmprobe::emulator
