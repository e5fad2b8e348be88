// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/quirk_layer.h"

#include <utility>
#include <variant>

#include "emulator/quirk/condition.h"
#include "emulator/quirk/effects.h"

namespace tpmprobe::emulator {

QuirkLayer::QuirkLayer(tpm::TransportPtr below, std::vector<Quirk> quirks, tpm::Clock& clock)
    : Layer(std::move(below)), clock_(clock) {
  for (Quirk& quirk : quirks) {
    for (Rule& rule : quirk.rules) rules_.push_back({std::move(rule), 0, std::nullopt});
  }
}

Expected<Bytes> QuirkLayer::transmit(ByteView command, tpm::TimePoint deadline) {
  return answer_from(0, CommandView(command), deadline);
}

Expected<Bytes> QuirkLayer::answer_from(std::size_t rule, const CommandView& command,
                                        tpm::TimePoint deadline) {
  for (; rule < rules_.size(); ++rule) {
    ActiveRule& active = rules_[rule];
    const Match found = match(active.rule.when, command);
    if (!found.holds || !is_meant(active.rule.when.calls, ++active.calls)) continue;
    Exchange exchange{command,
                      deadline,
                      clock_,
                      found.field == nullptr ? 0 : command.parameter_number(*found.field),
                      active.kept,
                      [&](const CommandView& passed) { return answer_from(rule + 1, passed, deadline); }};
    return std::visit([&](const auto& effect) { return apply(effect, exchange); },
                      active.rule.effect);
  }
  return below().transmit(command.octets(), deadline);
}

}  // namespace tpmprobe::emulator
