// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/library_folders.h"

namespace tpmprobe::doctor {

std::vector<std::string> library_folders(const Machine& machine) {
  std::vector<std::string> folders{"/usr/lib", "/usr/lib64", "/usr/local/lib"};
  for (const auto& folder : machine.files_in("/usr/lib")) {
    if (folder.ends_with("-linux-gnu")) folders.push_back(folder);
  }
  return folders;
}

}  // namespace tpmprobe::doctor
