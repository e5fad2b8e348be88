// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emulator/emulator_state.h"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "cli/terminal/atomic_file.h"
#include "cli/terminal/text_file.h"
#include "tpm/posix/os_error.h"

namespace tpmprobe::cli {
namespace {

constexpr std::string_view kSuffix = ".nv";

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

}  // namespace tpmprobe::cli
