// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal/text_file.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "tpm/posix/os_error.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::cli {

tl::expected<std::string, std::string> read_text_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{16} << 20U;
  const tpm::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return tl::unexpected(tpm::os_error_text(errno));
  std::string text;
  std::array<char, 65536> buffer{};
  ssize_t count = 0;
  while ((count = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kMost) return tl::unexpected(tpm::os_error_text(EFBIG));
  }
  if (count < 0) return tl::unexpected(tpm::os_error_text(errno));
  return text;
}

}  // namespace tpmprobe::cli
