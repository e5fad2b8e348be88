// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tpmprobe::host {

/// What a maintainer asks about the machine first, and nothing that names it or its user. Empty
/// strings are unknown.
struct HostFacts {
  std::string kernel;                                         ///< release, "6.1.0-41-amd64"
  std::string distribution;                                   ///< PRETTY_NAME of os-release(5)
  std::string architecture;                                   ///< "x86_64"
  std::vector<std::pair<std::string, std::string>> packages;  ///< name and version, by name
};

/// Reads them from the kernel and from files below `root` (os-release, dpkg's status file).
/// Packages are those that stand between a person and the TPM; on other systems than Debian's there
/// are none.
HostFacts read_host_facts(const std::filesystem::path& root = "/");

}  // namespace tpmprobe::host
