// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/pkcs11_module.h"

#include <algorithm>

#include "doctor/library_folders.h"

namespace tpmprobe::doctor {

std::vector<NamedModule> named_modules(const Machine& machine,
                                       const std::vector<SshSetting>& settings) {
  std::vector<NamedModule> modules;
  for (const auto& setting : settings) {
    if (setting.keyword != "pkcs11provider" || setting.value == "none") continue;
    auto path = setting.value;
    if (path.starts_with("~/")) path = machine.home + path.substr(1);
    const bool some = !setting.block.empty();
    const auto known = std::ranges::find(modules, path, &NamedModule::path);
    if (known == modules.end()) {
      modules.push_back({std::move(path), some});
    } else {
      known->for_some_hosts = known->for_some_hosts && some;
    }
  }
  return modules;
}

std::string installed_module(const Machine& machine) {
  for (const auto& folder : library_folders(machine)) {
    const auto path = folder + "/pkcs11/libtpm2_pkcs11.so";
    if (machine.real_path(path)) return path;
  }
  return "";
}

}  // namespace tpmprobe::doctor
