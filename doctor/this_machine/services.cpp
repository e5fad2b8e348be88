// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>

#include "doctor/this_machine/parts.h"
#include "tpm/posix/process.h"

namespace tpmprobe::doctor {
namespace {

/// What a program writes; nullopt if it is not there or does not end.
std::optional<tpm::ProcessResult> ask(const std::vector<std::string>& argv) {
  tpm::ProcessOptions options;
  options.timeout = std::chrono::milliseconds(400);  // of the two seconds of the whole
  auto asked = tpm::run_process(argv, options);
  return asked ? std::optional(std::move(*asked)) : std::nullopt;
}

std::string first_word(const std::vector<std::string>& argv) {
  const auto asked = ask(argv);
  return asked ? asked->output.substr(0, asked->output.find('\n')) : "";
}

}  // namespace

std::optional<bool> ask_system_bus() {
  if (std::getenv("DBUS_SYSTEM_BUS_ADDRESS") == nullptr &&
      !std::filesystem::exists("/run/dbus/system_bus_socket")) {
    return std::nullopt;
  }
  const auto asked =
      ask({"dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus", "/",
           "org.freedesktop.DBus.NameHasOwner", "string:com.intel.tss2.Tabrmd"});
  if (!asked || !asked->status.succeeded()) return std::nullopt;
  return asked->output.find("boolean true") != std::string::npos;
}

std::optional<ServiceState> ask_systemd(std::string_view service) {
  // sd_booted(3)
  if (!std::filesystem::exists("/run/systemd/system")) return std::nullopt;
  const std::string name(service);
  return ServiceState{first_word({"systemctl", "is-active", name}),
                      first_word({"systemctl", "is-enabled", name})};
}

}  // namespace tpmprobe::doctor
