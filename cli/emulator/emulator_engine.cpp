// SPDX-License-Identifier: BSD-2-Clause
// The TPM that is served. EmulatorState is the folder in which its memory survives; EmulatorEngine
// opens the TPM (open_engine), puts the layers on it (put_layers), and saves the memory.
#include "cli/emulator/emulator_engine.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "cli/terminal/text_file.h"
#include "emulator/server/trace_layer.h"
#include "tpm/layers/guard.h"
#include "tpm/posix/descriptor.h"
#include "tpm/transport/open.h"

namespace tpmprobe::cli {
namespace {

constexpr std::string_view kSuffix = ".nv";

NoTarget none(std::string message, ExitCode code) {
  return {std::move(message), "", code};
}

}  // namespace

tl::expected<EmulatorState, std::string> EmulatorState::open(const std::filesystem::path& folder) {
  constexpr mode_t kOnlyOwner = 0700;
  if (::mkdir(folder.c_str(), kOnlyOwner) != 0 && errno != EEXIST) {
    return tl::unexpected(fmt::format("{}: {}", folder.string(), tpm::os_error_text(errno)));
  }
  tpm::UniqueFd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) {
    return tl::unexpected(fmt::format("{}: {}", folder.string(), tpm::os_error_text(errno)));
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return tl::unexpected(fmt::format("{}: another emulator uses this folder", folder.string()));
  }
  return EmulatorState(folder, std::move(lock));
}

tl::expected<emulator::NvState, std::string> EmulatorState::load() const {
  emulator::NvState state;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const auto& file = entry.path();
    if (file.extension() != kSuffix) continue;
    const auto content = read_text_file(file);
    if (!content) return tl::unexpected(fmt::format("{}: {}", file.string(), content.error()));
    state[file.stem()] = Bytes(content->begin(), content->end());
  }
  return state;
}

std::optional<std::string> EmulatorState::save(const emulator::NvState& state) const {
  for (const auto& [name, octets] : state) {
    const auto file = (folder_ / name).string() + std::string(kSuffix);
    const std::string_view content(reinterpret_cast<const char*>(octets.data()), octets.size());
    if (auto reason = write_atomically(file, content)) {
      return fmt::format("{}: {}", file, *reason);
    }
  }
  return std::nullopt;
}

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
