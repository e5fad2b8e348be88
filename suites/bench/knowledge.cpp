// SPDX-License-Identifier: BSD-2-Clause
// The pure code that reads codes, commands and responses.
#include <algorithm>

#include <benchmark/benchmark.h>

#include "explain/explanation.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/rc.h"
#include "knowledge/wire.h"
#include "suites/unit/knowledge/wire_data.h"

namespace tpmprobe::bench {
namespace {

namespace cc = knowledge::cc;

constexpr std::uint32_t kSizeOfParameter1 = 0x1d5;

/// Every code of 24 bits: each layer that there is, and each value that it can say.
void decode_every_rc(benchmark::State& state) {
  constexpr std::uint32_t kEnd = 1U << 24U;
  for ([[maybe_unused]] auto round : state) {
    for (std::uint32_t rc = 0; rc < kEnd; ++rc) benchmark::DoNotOptimize(knowledge::decode_rc(rc));
  }
  state.SetItemsProcessed(state.iterations() * kEnd);
}
BENCHMARK(decode_every_rc)->Unit(benchmark::kMillisecond);

void explain_one(benchmark::State& state) {
  const auto* sign = knowledge::find_command(cc::kSign);
  for ([[maybe_unused]] auto round : state) {
    benchmark::DoNotOptimize(explain::explain(kSizeOfParameter1, sign));
  }
}
BENCHMARK(explain_one);

void find_command(benchmark::State& state) {
  const auto all = knowledge::commands();
  for ([[maybe_unused]] auto round : state) {
    for (const auto& command : all) {
      benchmark::DoNotOptimize(knowledge::find_command(command.code));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(find_command);

/// The longest successful answer to this command in the recorded traffic; null if there is none.
const knowledge::Exchange* longest_answer(std::uint32_t code) {
  const knowledge::Exchange* longest = nullptr;
  for (const auto& exchange : knowledge::traffic()) {
    const bool fits = knowledge::command_code(exchange.command) == code &&
                      knowledge::response_code(exchange.response) == 0;
    const bool longer = longest == nullptr || exchange.response.size() > longest->response.size();
    if (fits && longer) longest = &exchange;
  }
  return longest;
}

/// What the check layer does with each response: areas, then the shape of every parameter.
void split_and_check(benchmark::State& state, std::uint32_t code) {
  const auto* exchange = longest_answer(code);
  if (exchange == nullptr) return state.SkipWithError("there is no such response");
  const auto command = knowledge::split_command(exchange->command);
  for ([[maybe_unused]] auto round : state) {
    const auto response =
        knowledge::split_response(*command->info, command->auths.size(), exchange->response);
    auto checked = knowledge::check_parameters(*command->info, *response);
    if (!checked) return state.SkipWithError("the response is malformed");
    benchmark::DoNotOptimize(checked);
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(exchange->response.size()));
}
BENCHMARK_CAPTURE(split_and_check, get_capability, cc::kGetCapability);
BENCHMARK_CAPTURE(split_and_check, sign, cc::kSign);
BENCHMARK_CAPTURE(split_and_check, create_primary, cc::kCreatePrimary);

}  // namespace
}  // namespace tpmprobe::bench
