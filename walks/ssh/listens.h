// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "tpm/transport/swtpm.h"

namespace tpmprobe::walks {

/// Whether a program takes connections at this UNIX socket. That the file is there is not enough:
/// between bind(2) and listen(2) every connection is refused.
inline bool listens(const std::filesystem::path& socket) {
  tpm::SystemClock clock;
  const auto endpoint = tpm::resolve({.path = socket.string(), .host = {}, .port = {}});
  return endpoint && tpm::connect_to(*endpoint, clock.now(), clock);
}

}  // namespace tpmprobe::walks
