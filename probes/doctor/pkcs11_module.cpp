// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/pkcs11_module.h"

#include <algorithm>

#include "probes/doctor/ssh_settings.h"

namespace tpmprobe::probes {

std::vector<std::string> named_modules(const Machine& machine) {
  std::vector<std::string> modules;
  for (const auto& setting : client_settings(machine)) {
    if (setting.keyword != "pkcs11provider" || setting.value == "none") continue;
    auto path = setting.value;
    if (path.starts_with("~/")) path = machine.home + path.substr(1);
    if (std::ranges::find(modules, path) == modules.end()) modules.push_back(path);
  }
  return modules;
}

std::string installed_module(const Machine& machine) {
  std::vector<std::string> folders{"/usr/lib", "/usr/lib64", "/usr/local/lib"};
  for (const auto& folder : machine.files_in("/usr/lib")) {
    if (folder.ends_with("-linux-gnu")) folders.push_back(folder);
  }
  for (const auto& folder : folders) {
    const auto path = folder + "/pkcs11/libtpm2_pkcs11.so";
    if (machine.real_path(path)) return path;
  }
  return "";
}

}  // namespace tpmprobe::probes
