// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/private_broker.h"

#include <functional>
#include <stdexcept>

#include <fmt/format.h>

namespace tpmprobe::suites {
namespace {

void wait_for(RunningProgram& program, const char* name, const std::function<bool()>& condition) {
  if (program.wait_until(condition)) return;
  throw std::runtime_error(std::string(name) + " is not there: " + program.errors());
}

}  // namespace

PrivateBroker::PrivateBroker(const std::string& tcti)
    : directory_(std::move(tpm::PrivateDirectory::create().value())) {
  bus_.emplace(Words{"dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
                     "--address=" + address()});
  // It tells its address when it listens there. The broker does not tell, so the bus is asked.
  wait_for(*bus_, "dbus-daemon", [&] { return bus_->output().ends_with('\n'); });
  broker_.emplace(Words{"tpm2-abrmd", "--session", "--allow-root", "--tcti=" + tcti},
                  Environment{{"DBUS_SESSION_BUS_ADDRESS", address()}});
  wait_for(*broker_, "tpm2-abrmd", [&] { return is_on_bus(); });
}

std::string PrivateBroker::address() const {
  return fmt::format("unix:path={}", (directory_.path() / "bus").string());
}

bool PrivateBroker::is_on_bus() {
  return run_program({"dbus-send", "--bus=" + address(), "--print-reply",
                      "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner",
                      fmt::format("string:{}", kName)})
      .status.succeeded();
}

}  // namespace tpmprobe::suites
