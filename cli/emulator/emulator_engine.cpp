// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emulator/emulator_engine.h"

#include <utility>

#include "emulator/server/trace_layer.h"
#include "tpm/layers/guard.h"
#include "tpm/transport/open.h"

namespace tpmprobe::cli {
namespace {

NoTarget none(std::string message, ExitCode code) {
  return {std::move(message), "", code};
}

}  // namespace

tl::expected<std::unique_ptr<EmulatorEngine>, NoTarget> EmulatorEngine::open(
    const EmulatorOptions& options, std::function<void(const std::string&)> trace) {
  std::unique_ptr<EmulatorEngine> engine(new EmulatorEngine);
  if (auto failed = engine->open_engine(options)) return tl::unexpected(std::move(*failed));
  if (auto failed = engine->put_layers(options, std::move(trace))) {
    return tl::unexpected(std::move(*failed));
  }
  return engine;
}

std::optional<NoTarget> EmulatorEngine::open_engine(const EmulatorOptions& options) {
  if (options.tcti) return open_tcti(*options.tcti);
  if (!options.swtpm) return open_libtpms(options);
  auto swtpm = emulator::SwtpmProcess::start();
  if (!swtpm) return none(swtpm.error().message, kExitNoTpm);
  swtpm_ = std::move(*swtpm);
  return open_tcti(swtpm_->tcti());
}

std::optional<NoTarget> EmulatorEngine::open_libtpms(const EmulatorOptions& options) {
  emulator::NvState memory;
  if (options.state) {
    auto state = EmulatorState::open(*options.state);
    if (!state) return none("--state: " + state.error(), kExitUsage);
    auto loaded = state->load();
    if (!loaded) return none("--state: " + loaded.error(), kExitUsage);
    memory = std::move(*loaded);
    state_.emplace(std::move(*state));
  }
  auto embedded = emulator::EmbeddedTpm::create(std::move(memory));
  if (!embedded) return none(embedded.error().message, kExitInternal);
  embedded_ = embedded->get();
  top_ = std::move(*embedded);
  return std::nullopt;
}

std::optional<NoTarget> EmulatorEngine::open_tcti(const std::string& tcti) {
  auto opened = tpm::open_transport(tcti, system_clock_);
  if (!opened) {
    const bool misunderstood = opened.error().kind == Error::Kind::tss;
    return none("--tcti: " + opened.error().message, misunderstood ? kExitUsage : kExitNoTpm);
  }
  top_ = std::move(opened->transport);
  return std::nullopt;
}

std::optional<NoTarget> EmulatorEngine::put_layers(const EmulatorOptions& options,
                                                   std::function<void(const std::string&)> trace) {
  auto emulated = emulator::emulate(std::move(top_), options.emulation, clock_);
  if (!emulated) return none(emulated.error().message, kExitNoTpm);
  top_ = std::move(emulated->top);
  missing_ = std::move(emulated->missing);
  if (options.tcti) top_ = std::make_unique<tpm::Guard>(std::move(top_));
  if (trace) {
    top_ = std::make_unique<emulator::TraceLayer>(std::move(top_), clock_, std::move(trace));
  }
  return std::nullopt;
}

bool EmulatorEngine::set_locality(std::uint8_t locality) {
  return embedded_ != nullptr ? embedded_->set_locality(locality) : locality == 0;
}

std::optional<std::string> EmulatorEngine::save_if_changed() {
  if (!state_ || embedded_->nv_writes() == saved_) return std::nullopt;
  saved_ = embedded_->nv_writes();
  return state_->save(embedded_->nv_state());
}

std::optional<std::string> EmulatorEngine::finish() {
  if (!state_) return std::nullopt;
  if (auto down = emulator::shutdown(*embedded_); !down) return down.error().message;
  return save_if_changed();
}

}  // namespace tpmprobe::cli
