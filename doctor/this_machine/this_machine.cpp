// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <ctime>
#include <memory>

#include <unistd.h>

#include "doctor/this_machine/parts.h"
#include "host/host_facts.h"
#include "host/pkcs11/find_store.h"

namespace tpmprobe::doctor {
namespace {

std::optional<std::string> variable_of_process(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string folder_of_process() {
  std::error_code error;
  const auto folder = std::filesystem::current_path(error);
  return error ? "/" : folder.string();
}

/// Several checks want to know it, and a bus that does not answer takes its time.
std::function<std::optional<bool>()> asked_once() {
  auto answer = std::make_shared<std::optional<std::optional<bool>>>();
  return [answer] {
    if (!*answer) *answer = ask_system_bus();
    return **answer;
  };
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.now_s = std::time(nullptr);
  machine.environment = variable_of_process;
  machine.user = user_name(::geteuid());
  machine.is_root = ::geteuid() == 0;
  machine.home = host::home_of_user(variable_of_process("HOME"));
  machine.folder = folder_of_process();
  machine.session_groups = groups_of_process();
  machine.database_groups = groups_of_user();
  machine.file = facts_of_file;
  machine.holders = holders_of;
  machine.processes = processes_called;
  machine.broker_on_bus = asked_once();
  machine.service = ask_systemd;
  machine.kernel_log = read_kernel_log;
  machine.packages = host::read_host_facts().packages;
  return machine;
}

}  // namespace tpmprobe::doctor
