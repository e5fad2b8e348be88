// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/private_directory.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "tpm/posix/os_error.h"

namespace tpmprobe::tpm {

Expected<PrivateDirectory> PrivateDirectory::create() {
  const char* configured = std::getenv("TMPDIR");
  const std::string base = configured != nullptr && *configured == '/' ? configured : "/tmp";
  std::string path = base + "/tpmprobe-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return os_failure("cannot make a directory in " + base, errno);
  }
  return PrivateDirectory(path);
}

PrivateDirectory::~PrivateDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace tpmprobe::tpm
