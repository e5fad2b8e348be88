// SPDX-License-Identifier: BSD-2-Clause
// One command that no pretence is about, through the embedded TPM alone and through what pretends
// on top of it: the difference is what every other command of a user pays.
#include <benchmark/benchmark.h>

#include "emulator/embedded_tpm.h"
#include "emulator/emulation.h"
#include "knowledge/command_codes.h"
#include "suites/support/raw_commands.h"

namespace tpmprobe::bench {
namespace {

/// TPM2_ReadClock.
const Bytes kReadClock{0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x01, 0x81};

emulator::EmulationSpec engine() {
  return {};
}

/// A rule for commands that are not sent here.
emulator::EmulationSpec quirk() {
  knowledge::Quirk quirk;
  quirk.rules = {
      {{.commands = {knowledge::cc::kSign}, .ranges = {{.path = "digest.size", .at_least = 33}}},
       knowledge::AnswerCode{0x95, true}}};
  return {.firmware = std::nullopt, .quirks = {quirk}, .measured_latency = false};
}

/// Every list of a firmware, as far as a command can meet it.
emulator::EmulationSpec firmware() {
  knowledge::FirmwareProfile profile;
  profile.algorithms = {{{0x01, 0x9}, {0x0b, 0x4}, {0x14, 0x101}, {0x23, 0x9}}};
  profile.curves = {{3, 4}};
  profile.commands = {{0x17a, 0x17b, 0x181}};
  profile.properties_fixed = {{{0x120, 32}}};
  profile.rsa_bits = {{2048}};
  return {.firmware = profile, .quirks = {}, .measured_latency = false};
}

emulator::EmulationSpec both() {
  auto spec = firmware();
  spec.quirks = quirk().quirks;
  return spec;
}

void untouched(benchmark::State& state, emulator::EmulationSpec (*spec)(), const Bytes& command) {
  auto embedded = emulator::EmbeddedTpm::create();
  if (!embedded) return state.SkipWithError(embedded.error().message.c_str());
  tpm::SystemClock clock;
  auto stack = emulator::emulate(std::move(*embedded), spec(), clock);
  if (!stack) return state.SkipWithError(stack.error().message.c_str());
  for ([[maybe_unused]] auto round : state) {
    auto response = stack->top->transmit(command, tpm::kNoDeadline);
    if (!response || raw::code(*response) != 0) return state.SkipWithError("the TPM refuses");
    benchmark::DoNotOptimize(response);
  }
}
BENCHMARK_CAPTURE(untouched, read_clock_engine, engine, kReadClock);
BENCHMARK_CAPTURE(untouched, read_clock_quirk, quirk, kReadClock);
BENCHMARK_CAPTURE(untouched, read_clock_firmware, firmware, kReadClock);
BENCHMARK_CAPTURE(untouched, read_clock_both, both, kReadClock);
BENCHMARK_CAPTURE(untouched, get_random_engine, engine, raw::kGetRandom);
BENCHMARK_CAPTURE(untouched, get_random_firmware, firmware, raw::kGetRandom);

}  // namespace
}  // namespace tpmprobe::bench
