// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/tcti_choice.h"

namespace tpmprobe::doctor {
namespace {

bool is_wanted(const Machine& machine) {
  return asks_for_broker(machine) || (!machine.file("/dev/tpmrm0") && machine.file("/dev/tpm0"));
}

/// "; the service is failed and enabled", or that systemd cannot be asked.
std::string service_words(const std::optional<ServiceState>& state) {
  if (!state) return "; there is no systemd to ask for its service";
  return fmt::format("; its service is {} and {}",
                     state->active.empty() ? "unknown" : state->active,
                     state->enabled.empty() ? "unknown" : state->enabled);
}

std::string fix_for(const std::optional<ServiceState>& state) {
  if (!state) return "Start the D-Bus system bus and tpm2-abrmd.";
  if (state->enabled == "masked") return "Run: sudo systemctl unmask tpm2-abrmd; then enable it.";
  return state->active == "failed"
             ? "Run: journalctl -u tpm2-abrmd -n 20; mend what it says; then: "
               "sudo systemctl restart tpm2-abrmd"
             : "Run: sudo systemctl enable --now tpm2-abrmd";
}

Diagnosis service(const Machine& machine, bool daemon) {
  const auto on_bus = machine.broker_on_bus();
  const auto state = daemon ? machine.service("tpm2-abrmd") : std::nullopt;
  const std::string words = daemon ? service_words(state) : "";
  if (on_bus && *on_bus) {
    return {"abrmd.service", Health::ok, "com.intel.tss2.Tabrmd is on the system bus" + words, ""};
  }
  const std::string seen = on_bus ? "com.intel.tss2.Tabrmd is not on the system bus"
                                  : "there is no system bus to ask for tpm2-abrmd";
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
    lines.push_back({"abrmd.library", Health::fail,
                     "tpm2-abrmd is installed, the library that programs reach it by is not",
                     "Run: sudo apt install libtss2-tcti-tabrmd0"});
  }
  if (!daemon && asks_for_broker(machine)) {
    lines.push_back({"abrmd.daemon", Health::warn,
                     "a setting asks for tpm2-abrmd, which is not installed here",
                     "Run: sudo apt install tpm2-abrmd; or take tabrmd out of that setting."});
  } else if (!daemon && library) {
    lines.push_back({"abrmd.daemon", Health::ok,
                     "the library of tpm2-abrmd is here without the daemon: programs try it, and "
                     "then take the device",
                     ""});
  }
  lines.push_back(service(machine, daemon));
}

}  // namespace tpmprobe::doctor
