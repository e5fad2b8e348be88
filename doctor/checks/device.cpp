// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/kernel_tpm.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kManaged = "/dev/tpmrm0";
constexpr const char* kRaw = "/dev/tpm0";

std::string described(const std::string& path, const FileFacts& file) {
  return fmt::format("{} is {}:{} {:04o}", path, file.owner, file.group, file.mode);
}

bool is_among(const std::vector<std::string>& groups, const std::string& group) {
  return std::ranges::find(groups, group) != groups.end();
}

void check_nodes(const Machine& machine, Diagnoses& lines) {
  const auto managed = machine.file(kManaged);
  const auto raw = machine.file(kRaw);
  if (managed) {
    const auto both = raw ? ", " + described(kRaw, *raw) : std::string();
    lines.push_back({"device.nodes", Health::ok, described(kManaged, *managed) + both, ""});
  } else if (raw) {
    lines.push_back({"device.nodes", Health::warn,
                     described(kRaw, *raw) + ", and there is no /dev/tpmrm0 (kernel before 4.12)",
                     "Use tpm2-abrmd as resource manager."});
  } else if (tpm_of_kernel(machine)) {
    lines.push_back(
        {"device.nodes", Health::fail,
         "the kernel has a TPM, and there is no /dev/tpmrm0 and no /dev/tpm0",
         "In a container pass it in (--device /dev/tpmrm0); else: sudo udevadm trigger"});
  } else {
    lines.push_back({"device.nodes", Health::unknown, "there is no /dev/tpmrm0 and no /dev/tpm0",
                     "Switch the TPM (fTPM, PTT) on in the firmware's setup."});
  }
}

void check_access(const Machine& machine, Diagnoses& lines) {
  const auto device = machine.file(kManaged) ? machine.file(kManaged) : machine.file(kRaw);
  if (!device) return;
  const std::string path = machine.file(kManaged) ? kManaged : kRaw;
  if (device->accessible) {
    lines.push_back({"access.groups", Health::ok, "this session may open " + path, ""});
  } else if (is_among(machine.database_groups, device->group) &&
             !is_among(machine.session_groups, device->group)) {
    lines.push_back(
        {"access.groups", Health::fail,
         fmt::format("this user is in group {}, but this login session began before that",
                     device->group),
         fmt::format("Log out and in again, or run: newgrp {}", device->group)});
  } else {
    lines.push_back({"access.groups", Health::fail,
                     fmt::format("{}, and this user is not in group {}", described(path, *device),
                                 device->group),
                     device->group == "root"
                         ? "Install tpm-udev, which gives the device to group tss, and reboot."
                         : fmt::format("Run: sudo usermod -aG {} $USER; then log out and in again.",
                                       device->group)});
  }
}

void check_holders(const Machine& machine, Diagnoses& lines) {
  if (!machine.file(kRaw)) return;
  const auto holders = machine.holders(kRaw);
  const auto stranger = std::ranges::find_if(
      holders, [](const auto& name) { return !name.starts_with("tpm2-abrmd"); });
  if (stranger != holders.end()) {
    lines.push_back(
        {"device.holders", Health::fail,
         fmt::format("{} has /dev/tpm0 open: whoever else opens it gets EBUSY", *stranger),
         "Stop it, or let it use /dev/tpmrm0 or tpm2-abrmd."});
  } else if (!holders.empty()) {
    lines.push_back({"device.holders", Health::ok, holders.front() + " has /dev/tpm0 open", ""});
  } else {
    lines.push_back({"device.holders", machine.is_root ? Health::ok : Health::unknown,
                     machine.is_root ? "nobody has /dev/tpm0 open"
                                     : "only root sees what other users have open",
                     ""});
  }
}

}  // namespace

void check_device(const Machine& machine, Diagnoses& lines) {
  if (is_tpm_1_2(machine)) return;  // its node has no resource manager, whatever the kernel
  check_nodes(machine, lines);
  check_access(machine, lines);
  check_holders(machine, lines);
}

}  // namespace tpmprobe::doctor
