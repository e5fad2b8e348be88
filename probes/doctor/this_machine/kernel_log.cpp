// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "probes/doctor/this_machine/parts.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::probes {

std::optional<std::vector<std::string>> read_kernel_log() {
  const tpm::UniqueFd log(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!log) return std::nullopt;
  std::vector<std::string> lines;
  std::array<char, 8192> record{};
  while (true) {
    const ssize_t count = ::read(log.get(), record.data(), record.size());
    if (count < 0 && errno == EPIPE) continue;  // records were overwritten; the next one is there
    if (count <= 0) break;
    const std::string line(record.data(), static_cast<std::size_t>(count));
    const auto text = line.find(';');
    // What its drivers say begins with their names: tpm, tpm_tis, tpm_crb.
    if (text == std::string::npos || line.compare(text + 1, 3, "tpm") != 0) continue;
    lines.push_back(line.substr(text + 1, line.find('\n') - text - 1));
  }
  return lines;
}

}  // namespace tpmprobe::probes
