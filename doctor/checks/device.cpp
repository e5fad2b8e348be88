// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"
#include "doctor/tcti_choice.h"

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
                     described(kRaw, *raw) + ", but there is no /dev/tpmrm0 (kernel before 4.12)",
                     "Use tpm2-abrmd as the resource manager."});
  } else if (tpm_of_kernel(machine)) {
    lines.push_back({"device.nodes", Health::fail,
                     "the kernel has a TPM, but there is neither /dev/tpmrm0 nor /dev/tpm0",
                     "In a container, pass the device in (--device /dev/tpmrm0); otherwise run: "
                     "sudo udevadm trigger"});
  } else {
    lines.push_back({"device.nodes", Health::unknown, "there is neither /dev/tpmrm0 nor /dev/tpm0",
                     "Switch the TPM (fTPM, PTT) on in the firmware setup."});
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
         fmt::format(
             "this user is in group {}, but this login session started before the user joined it",
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
         fmt::format("{} has /dev/tpm0 open: any other program that opens it gets EBUSY",
                     *stranger),
         "Stop it, or make it use /dev/tpmrm0 or tpm2-abrmd."});
  } else if (!holders.empty()) {
    lines.push_back({"device.holders", Health::ok, holders.front() + " has /dev/tpm0 open", ""});
  } else {
    lines.push_back({"device.holders", machine.is_root ? Health::ok : Health::unknown,
                     machine.is_root ? "no program has /dev/tpm0 open"
                                     : "only root can see what other users have open",
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

namespace {

void check_driver(const Machine& machine, Diagnoses& lines) {
  const auto tpm = tpm_of_kernel(machine);
  if (!tpm) {
    lines.push_back(
        {"kernel.driver", Health::unknown, "the kernel has no TPM (no /sys/class/tpm/tpm0)", ""});
    return;
  }
  const auto driver = tpm->driver.empty() ? "no driver of its own" : "driver " + tpm->driver;
  if (tpm->version == 1) {
    lines.push_back(
        {"kernel.driver", Health::fail,
         fmt::format("the kernel has a TPM 1.2 ({}): programs for TPM 2.0 cannot use it", driver),
         "Switch it to TPM 2.0 (fTPM, PTT) in the firmware setup, if that is possible."});
    return;
  }
  lines.push_back(
      {"kernel.driver", Health::ok,
       fmt::format("the kernel has a TPM{} ({})", tpm->version == 2 ? " 2.0" : "", driver), ""});
}

void check_messages(const Machine& machine, Diagnoses& lines) {
  const auto log = machine.kernel_log();
  if (!log) {
    lines.push_back({"kernel.messages", Health::unknown,
                     "only root may read what the kernel logged about the TPM", ""});
    return;
  }
  for (const auto& line : *log) {
    for (const auto* trouble :
         {"can't request region", "error", "timed out", "Operation Canceled", "[Firmware Bug]"}) {
      if (line.find(trouble) == std::string::npos) continue;
      lines.push_back({"kernel.messages", Health::warn, "the kernel says: " + line,
                       "Paste this line into: tpmprobe explain -"});
      return;
    }
  }
  lines.push_back(
      {"kernel.messages", Health::ok, "the kernel reports no problems with the TPM", ""});
}

}  // namespace

void check_kernel(const Machine& machine, Diagnoses& lines) {
  check_driver(machine, lines);
  check_messages(machine, lines);
}

namespace {

bool is_wanted(const Machine& machine) {
  return asks_for_broker(machine) || (!machine.file("/dev/tpmrm0") && machine.file("/dev/tpm0"));
}

/// "; the service is failed and enabled", or that systemd cannot be asked.
std::string service_words(const std::optional<ServiceState>& state) {
  if (!state) return "; systemd is not available, so the state of its service is unknown";
  return fmt::format("; its service is {} and {}",
                     state->active.empty() ? "unknown" : state->active,
                     state->enabled.empty() ? "unknown" : state->enabled);
}

std::string fix_for(const std::optional<ServiceState>& state) {
  if (!state) return "Start the D-Bus system bus and tpm2-abrmd.";
  if (state->enabled == "masked") return "Run: sudo systemctl unmask tpm2-abrmd; then enable it.";
  return state->active == "failed" ? "Run: journalctl -u tpm2-abrmd -n 20; fix what it reports; "
                                     "then run: sudo systemctl restart tpm2-abrmd"
                                   : "Run: sudo systemctl enable --now tpm2-abrmd";
}

Diagnosis service(const Machine& machine, bool daemon) {
  const auto on_bus = machine.broker_on_bus();
  const auto state = daemon ? machine.service("tpm2-abrmd") : std::nullopt;
  const std::string words = daemon ? service_words(state) : "";
  if (on_bus && *on_bus) {
    return {"abrmd.service", Health::ok, "com.intel.tss2.Tabrmd is on the system bus" + words, ""};
  }
  const std::string seen =
      on_bus ? "com.intel.tss2.Tabrmd is not on the system bus"
             : "the system bus is not available, so tpm2-abrmd cannot be looked up";
  if (!is_wanted(machine) || !daemon) {
    return {"abrmd.service", Health::ok, seen + words + "; nothing here needs it", ""};
  }
  return {"abrmd.service", on_bus ? Health::fail : Health::unknown, seen + words, fix_for(state)};
}

}  // namespace

void check_broker(const Machine& machine, Diagnoses& lines) {
  const bool daemon = machine.version_of("tpm2-abrmd").has_value();
  const bool library = machine.version_of("libtss2-tcti-tabrmd").has_value();
  if (daemon && !library) {
    lines.push_back(
        {"abrmd.library", Health::fail,
         "tpm2-abrmd is installed, but the library that programs use to reach it is not",
         "Run: sudo apt install libtss2-tcti-tabrmd0"});
  }
  if (!daemon && asks_for_broker(machine)) {
    lines.push_back({"abrmd.daemon", Health::warn,
                     "a setting asks for tpm2-abrmd, which is not installed here",
                     "Run: sudo apt install tpm2-abrmd; or remove tabrmd from that setting."});
  } else if (!daemon && library) {
    lines.push_back({"abrmd.daemon", Health::ok,
                     "the library of tpm2-abrmd is installed without the daemon: programs try it "
                     "first, and then use the device",
                     ""});
  }
  lines.push_back(service(machine, daemon));
}

}  // namespace tpmprobe::doctor
