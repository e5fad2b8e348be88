// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/broker.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>

#include "tpm/posix/descriptor.h"
#include "walks/ssh/listens.h"

namespace tpmprobe::walks {
namespace {

constexpr const char* kTcti = "tabrmd:bus_type=session";

/// Neither program tells us when it is ready, so it is asked.
template <typename Condition>
bool comes_true(tpm::ChildProcess& program, Condition condition) {
  const tpm::SystemClock clock;
  const auto until = clock.now() + std::chrono::seconds(20);
  while (!condition()) {
    if (clock.now() > until || program.child().wait(clock.now(), clock)) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return true;
}

bool is_on_bus(const std::string& address) {
  const auto asked = tpm::run_process(
      {"dbus-send", "--bus=" + address, "--print-reply", "--dest=org.freedesktop.DBus", "/",
       "org.freedesktop.DBus.GetNameOwner", "string:com.intel.tss2.Tabrmd"});
  return asked && asked->status.succeeded();
}

std::string last_line(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);) last = line;
  return last;
}

}  // namespace

Expected<Broker> Broker::start(const std::filesystem::path& folder, const std::string& tcti) {
  Broker broker;
  broker.address_ = "unix:path=" + (folder / "bus").string();
  const auto log = folder / "broker.log";
  broker.log_ = tpm::UniqueFd(::open(log.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!broker.log_) return tpm::os_failure("cannot write " + log.string(), errno);
  tpm::ProcessOptions options;
  options.output_fd = options.error_fd = broker.log_.get();
  options.environment = {{"DBUS_SESSION_BUS_ADDRESS", broker.address_}};
  auto bus = tpm::ChildProcess::start(
      {"dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + broker.address_},
      options);
  if (!bus) return tl::unexpected(bus.error());
  broker.bus_ = std::move(*bus);
  if (!comes_true(*broker.bus_, [&] { return listens(folder / "bus"); })) {
    return fail(Error::Kind::io, 0, "dbus-daemon does not start: " + last_line(log));
  }
  auto daemon = tpm::ChildProcess::start(
      {"tpm2-abrmd", "--session", "--allow-root", "--tcti=" + tcti}, options);
  if (!daemon) return tl::unexpected(daemon.error());
  broker.broker_ = std::move(*daemon);
  if (!comes_true(*broker.broker_, [&] { return is_on_bus(broker.address_); })) {
    return fail(Error::Kind::io, 0, "tpm2-abrmd does not start: " + last_line(log));
  }
  return broker;
}

ChildEnvironment Broker::environment() const {
  return {{"DBUS_SESSION_BUS_ADDRESS", address_},
          {"TPM2TOOLS_TCTI", kTcti},
          {"TPM2_PKCS11_TCTI", kTcti},
          {"TSS2_LOG", std::nullopt}};
}

}  // namespace tpmprobe::walks
