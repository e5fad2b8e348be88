// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/emulation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "emulator/firmware/firmware_layer.h"
#include "emulator/firmware/latency_layer.h"
#include "emulator/quirk/quirk_layer.h"

namespace tpmprobe::emulator {
namespace {

/// The measured defects of the firmware, then those that were asked for. A defect that no file
/// describes cannot be emulated: it is named in `missing`.
std::vector<knowledge::Quirk> quirks_of(EmulationSpec& spec, std::vector<std::string>& missing) {
  std::vector<knowledge::Quirk> quirks;
  if (spec.firmware) {
    for (const std::string& id : spec.firmware->quirks) {
      const auto* quirk = knowledge::find_quirk(id);
      if (quirk != nullptr) quirks.push_back(*quirk);
      if (quirk == nullptr) missing.push_back("defect " + id);
    }
  }
  std::ranges::move(spec.quirks, std::back_inserter(quirks));
  return quirks;
}

}  // namespace

Expected<EmulatedStack> emulate(tpm::TransportPtr engine, EmulationSpec spec, tpm::Clock& clock) {
  EmulatedStack stack{std::move(engine), {}};
  std::vector<std::string> defects;
  auto quirks = quirks_of(spec, defects);
  std::vector<knowledge::OperationTime> times;
  if (spec.firmware) {
    if (spec.measured_latency) times = spec.firmware->times;
    auto layer = FirmwareLayer::create(std::move(stack.top), std::move(*spec.firmware));
    if (!layer) return tl::unexpected(std::move(layer.error()));
    stack.missing = (*layer)->missing();
    stack.top = std::move(*layer);
  }
  std::ranges::move(defects, std::back_inserter(stack.missing));
  if (!quirks.empty()) {
    stack.top = std::make_unique<QuirkLayer>(std::move(stack.top), std::move(quirks), clock);
  }
  if (!times.empty()) {
    stack.top = std::make_unique<LatencyLayer>(std::move(stack.top), std::move(times), clock);
  }
  return stack;
}

}  // namespace tpmprobe::emulator
