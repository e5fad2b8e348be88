// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

namespace tpmprobe::tpm {

/// All of a file of our own, or of one that was looked at before: of a pipe or a device it would
/// wait for the end. Empty if it cannot be read.
inline std::string whole_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return std::move(text).str();
}

}  // namespace tpmprobe::tpm
