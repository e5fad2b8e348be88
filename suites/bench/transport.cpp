// SPDX-License-Identifier: BSD-2-Clause
// One round trip of TPM2_GetRandom(16), or of one TPM2_GetCapability through ESYS: what each layer
// adds on the embedded TPM, and what each way to an swtpm costs.
#include <benchmark/benchmark.h>

#include "emulator/embedded_tpm.h"
#include "emulator/swtpm_process.h"
#include "knowledge/property_tags.h"
#include "suites/support/raw_commands.h"
#include "tpm/commands/capability.h"
#include "tpm/layers/check_layer.h"
#include "tpm/layers/guard.h"
#include "tpm/layers/record_layer.h"
#include "tpm/layers/retry_layer.h"
#include "tpm/session.h"
#include "tpm/stack.h"
#include "tpm/transport/open.h"
#include "tpm/transport/tctildr.h"

namespace tpmprobe::bench {
namespace {

using tpm::TransportPtr;

/// What the layers of one stack work with; outlives them.
struct Surroundings {
  tpm::SystemClock clock;
  tpm::Recorder recorder;
};

using Build = TransportPtr (*)(TransportPtr, Surroundings&);

TransportPtr bare(TransportPtr base, Surroundings& /*unused*/) {
  return base;
}

TransportPtr record(TransportPtr base, Surroundings& around) {
  return std::make_unique<tpm::RecordLayer>(std::move(base), around.recorder, around.clock);
}

TransportPtr check(TransportPtr base, Surroundings& around) {
  return std::make_unique<tpm::CheckLayer>(std::move(base), around.clock);
}

TransportPtr retry(TransportPtr base, Surroundings& around) {
  return std::make_unique<tpm::RetryLayer>(std::move(base), around.clock);
}

TransportPtr guard(TransportPtr base, Surroundings& /*unused*/) {
  return std::make_unique<tpm::Guard>(std::move(base));
}

TransportPtr whole_stack(TransportPtr base, Surroundings& around) {
  return tpm::make_stack(std::move(base), around.recorder, around.clock, tpm::default_policy(),
                         nullptr)
      .top;
}

void round_trips(benchmark::State& state, tpm::Transport& transport) {
  for ([[maybe_unused]] auto round : state) {
    auto response = transport.transmit(raw::kGetRandom, tpm::kNoDeadline);
    if (!response || !raw::is_random(*response)) return state.SkipWithError("no random bytes");
    benchmark::DoNotOptimize(response);
  }
}

void embedded(benchmark::State& state, Build build) {
  auto tpm = emulator::EmbeddedTpm::create();
  if (!tpm) return state.SkipWithError(tpm.error().message.c_str());
  Surroundings around;
  const auto top = build(std::move(*tpm), around);
  round_trips(state, *top);
}
BENCHMARK_CAPTURE(embedded, bare, bare);
BENCHMARK_CAPTURE(embedded, record, record);
BENCHMARK_CAPTURE(embedded, check, check);
BENCHMARK_CAPTURE(embedded, retry, retry);
BENCHMARK_CAPTURE(embedded, guard, guard);
BENCHMARK_CAPTURE(embedded, whole_stack, whole_stack);

void read_properties(benchmark::State& state, TransportPtr stack) {
  auto session = tpm::Session::open(std::move(stack));
  if (!session) return state.SkipWithError(session.error().message.c_str());
  for ([[maybe_unused]] auto round : state) {
    auto value = tpm::read_property(*session, knowledge::kPtMaxDigest);
    if (!value) return state.SkipWithError(value.error().message.c_str());
    benchmark::DoNotOptimize(value);
  }
}

/// ESYS on top: the command that a session sends for one property.
void embedded_esys(benchmark::State& state, Build build) {
  auto tpm = emulator::EmbeddedTpm::create();
  if (!tpm) return state.SkipWithError(tpm.error().message.c_str());
  Surroundings around;
  read_properties(state, build(std::move(*tpm), around));
}
BENCHMARK_CAPTURE(embedded_esys, bare, bare);
BENCHMARK_CAPTURE(embedded_esys, whole_stack, whole_stack);

void swtpm_socket(benchmark::State& state, Build build) {
  const auto swtpm = emulator::SwtpmProcess::start();
  if (!swtpm) return state.SkipWithError(swtpm.error().message.c_str());
  Surroundings around;
  auto opened = tpm::open_transport((*swtpm)->tcti(), around.clock);
  if (!opened) return state.SkipWithError(opened.error().message.c_str());
  const auto top = build(std::move(opened->transport), around);
  round_trips(state, *top);
}
BENCHMARK_CAPTURE(swtpm_socket, bare, bare)->UseRealTime();
BENCHMARK_CAPTURE(swtpm_socket, whole_stack, whole_stack)->UseRealTime();

std::string tcti_swtpm(const std::string& tcti) {
  return tcti;
}

/// Keeps one connection for all commands.
std::string tcti_cmd(const std::string& tcti) {
  return "cmd:socat - UNIX-CONNECT:" + tcti.substr(tcti.find('=') + 1);
}

/// The helper process with a TCTI of tss2 in it.
void swtpm_helper(benchmark::State& state, std::string (*configuration)(const std::string&)) {
  const auto swtpm = emulator::SwtpmProcess::start();
  if (!swtpm) return state.SkipWithError(swtpm.error().message.c_str());
  tpm::SystemClock clock;
  auto base = tpm::TctiLdrTransport::open(configuration((*swtpm)->tcti()), clock);
  if (!base) return state.SkipWithError(base.error().message.c_str());
  round_trips(state, **base);
}
BENCHMARK_CAPTURE(swtpm_helper, tcti_swtpm, tcti_swtpm)->UseRealTime();
BENCHMARK_CAPTURE(swtpm_helper, tcti_cmd, tcti_cmd)->UseRealTime();

}  // namespace
}  // namespace tpmprobe::bench
