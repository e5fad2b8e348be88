// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/quirk_layer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "emulator/quirk/condition.h"
#include "emulator/quirk/effects.h"
#include "knowledge/algorithm_ids.h"

namespace tpmprobe::emulator {
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

Expected<Bytes> QuirkLayer::transmit(ByteView command, tpm::TimePoint deadline) {
  if (!start_) start_ = clock_.now();
  return answer_from(0, CommandView(command), deadline);
}

Expected<Bytes> QuirkLayer::ask_tpm(ByteView command, tpm::TimePoint deadline) {
  auto response = below().transmit(command, deadline);
  if (!response) return response;
  book_.learn(command, *response);
  vault_.learn(command, *response);
  if (counts_objects_) ledger_.learn(command, *response);
  return response;
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

Expected<Bytes> QuirkLayer::answer_from(std::size_t rule, const CommandView& command,
                                        tpm::TimePoint deadline) {
  for (; rule < rules_.size(); ++rule) {
    ActiveRule& active = rules_[rule];
    const Match found = match(active.rule.when, command);
    if (!found.holds || !is_time_for(active.rule.when)) continue;
    if (!is_meant(active.rule.when.calls, ++active.calls)) continue;
    const auto next = [&](const CommandView& passed) {
      return answer_from(rule + 1, passed, deadline);
    };
    Exchange exchange{
        command,     deadline,
        clock_,      found.field == nullptr ? 0 : command.parameter_number(*found.field),
        active.kept, book_,
        vault_,      next};
    return std::visit([&](const auto& effect) { return apply(effect, exchange); },
                      active.rule.effect);
  }
  return ask_tpm(command.octets(), deadline);
}

}  // namespace tpmprobe::emulator
