// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/private_broker.h"

#include <filesystem>
#include <stdexcept>
#include <thread>

#include "tpm/clock.h"

namespace tpmprobe::suites {
namespace {

using namespace std::chrono_literals;

// Neither program tells us when it is ready, so it is asked.
template <typename Condition>
void wait_for(RunningProgram& program, const char* name, Condition condition) {
  const tpm::SystemClock clock;
  const auto until = clock.now() + 20s;
  while (!condition()) {
    if (clock.now() < until && program.is_running())
      std::this_thread::sleep_for(2ms);
    else
      throw std::runtime_error(std::string(name) + " is not there: " + program.errors());
  }
}

}  // namespace

PrivateBroker::PrivateBroker(const std::string& tcti)
    : directory_(std::move(tpm::PrivateDirectory::create().value())) {
  bus_.emplace(
      Words{"dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address()});
  wait_for(*bus_, "dbus-daemon",
           [&] { return std::filesystem::exists(directory_.path() / "bus"); });
  broker_.emplace(Words{"tpm2-abrmd", "--session", "--allow-root", "--tcti=" + tcti},
                  Environment{{"DBUS_SESSION_BUS_ADDRESS", address()}});
  wait_for(*broker_, "tpm2-abrmd", [&] { return is_on_bus(); });
}

std::string PrivateBroker::address() const {
  return "unix:path=" + (directory_.path() / "bus").string();
}

bool PrivateBroker::is_on_bus() {
  return run_program({"dbus-send", "--bus=" + address(), "--print-reply",
                      "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner",
                      std::string("string:") + kName})
      .status.succeeded();
}

}  // namespace tpmprobe::suites
