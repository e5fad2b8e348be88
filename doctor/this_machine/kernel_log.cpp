// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <unistd.h>

#include "doctor/this_machine/parts.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::doctor {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Programs may write there too; the kernel's own facility is 0 (syslog(2)).
bool is_of_kernel_itself(std::string_view record) {
  unsigned priority = 0;
  constexpr unsigned kFacility = 3;
  const auto read = std::from_chars(record.data(), record.data() + record.size(), priority);
  return read.ec == std::errc{} && priority >> kFacility == 0;
}

/// "tpm tpm0:", "tpm0:", "tpm_tis MSFT0101:00:", and not "tpmprobe[7]:", "tpm2-abrmd[8]:".
bool is_said_by_driver(std::string_view text) {
  if (!text.starts_with("tpm")) return false;
  const auto after = text.substr(3);
  if (after.starts_with(' ') || after.starts_with(':')) return true;
  if (after.starts_with('_')) {
    const auto end = after.find_first_of(" :[");
    return end != std::string_view::npos && after[end] != '[';
  }
  const auto end = after.find_first_not_of(kDigits);
  return end != 0 && end != std::string_view::npos && after[end] == ':';
}

}  // namespace

std::optional<std::string> words_of_driver(std::string_view record) {
  const auto start = record.find(';');
  if (start == std::string_view::npos || !is_of_kernel_itself(record)) return std::nullopt;
  const auto text = record.substr(start + 1, record.find('\n', start) - start - 1);
  return is_said_by_driver(text) ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::vector<std::string>> read_kernel_log() {
  const tpm::UniqueFd log(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!log) return std::nullopt;
  std::vector<std::string> lines;
  std::array<char, 8192> record{};
  while (true) {
    const ssize_t count = ::read(log.get(), record.data(), record.size());
    if (count < 0 && errno == EPIPE) continue;  // records were overwritten; the next one is there
    if (count <= 0) break;
    if (auto words = words_of_driver({record.data(), static_cast<std::size_t>(count)})) {
      lines.push_back(std::move(*words));
    }
  }
  return lines;
}

}  // namespace tpmprobe::doctor
