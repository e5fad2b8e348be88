// SPDX-License-Identifier: BSD-2-Clause
#include <charconv>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/find_store.h"
#include "doctor/pkcs11_module.h"
#include "doctor/ssh_agents.h"
#include "doctor/ssh_settings.h"

namespace tpmprobe::doctor {
namespace {

/// What ssh and sshd are told, read once.
struct Settings {
  std::vector<SshSetting> client, server;
  std::vector<NamedModule> modules;
};

Settings read_settings(const Machine& machine) {
  Settings settings{client_settings(machine), server_settings(machine), {}};
  settings.modules = named_modules(machine, settings.client);
  return settings;
}

std::string fix_for_missing(const Machine& machine) {
  const auto installed = installed_module(machine);
  return installed.empty() ? "Run: sudo apt install libtpm2-pkcs11-1"
                           : "Set PKCS11Provider to " + installed + ".";
}

bool p11_kit_knows_it(const Machine& machine) {
  return machine.content("/usr/share/p11-kit/modules/tpm2_pkcs11.module") ||
         machine.content("/etc/pkcs11/modules/tpm2_pkcs11.module");
}

Diagnosis module_line(const Machine& machine, const NamedModule& module) {
  const auto& path = module.path;
  const auto seen = fmt::format("ssh's settings{} name {}",
                                module.for_some_hosts ? " for some hosts only" : "", path);
  if (!machine.real_path(path)) {
    return {"ssh.module", Health::fail, seen + ", which is not there", fix_for_missing(machine)};
  }
  if (path.find("tpm2_pkcs11") != std::string::npos) {
    return {"ssh.module", Health::ok, seen + ", the module of tpm2-pkcs11", ""};
  }
  if (path.find("p11-kit") == std::string::npos) {
    return {"ssh.module", Health::unknown, seen + ", a module of other software", ""};
  }
  if (p11_kit_knows_it(machine)) {
    return {"ssh.module", Health::ok, seen + ": p11-kit, which loads tpm2-pkcs11 too", ""};
  }
  return {"ssh.module", Health::warn, seen + ": p11-kit, which knows no tpm2-pkcs11",
          fix_for_missing(machine)};
}

void check_modules(const Machine& machine, const Settings& settings, Diagnoses& lines) {
  for (const auto& module : settings.modules) lines.push_back(module_line(machine, module));
  if (!settings.modules.empty()) return;
  const auto installed = installed_module(machine);
  lines.push_back({"ssh.module", Health::ok,
                   installed.empty()
                       ? "no PKCS11Provider in ssh's settings, and no tpm2-pkcs11 here"
                       : "no PKCS11Provider in ssh's settings: keys of the TPM only by ssh -I "
                         "MODULE or the agent",
                   ""});
}

/// What sshd of this machine allows; servers elsewhere have their own.
struct Tries {
  std::size_t count = 6;  ///< sshd_config(5), MaxAuthTries
  const char* whose = "sshd's usual MaxAuthTries";
};

/// A value that is no number is none: sshd does not start with it.
Tries tries_of_sshd(const Settings& settings) {
  auto value = first_value(settings.server, "maxauthtries");
  value = value.substr(0, value.find_first_of(" \t"));
  std::uint32_t count = 0;
  const auto end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, count);
  if (value.empty() || read.ec != std::errc{} || read.ptr != end) return {};
  return {count, "MaxAuthTries of this machine's sshd"};
}

bool offers_all_keys(const Settings& settings) {
  const auto value = first_value(settings.client, "identitiesonly");
  return value != "yes" && value != "true";
}

void check_key_count(const Machine& machine, const Settings& settings, Diagnoses& lines) {
  std::string error;
  const auto store = read_store(machine, error);
  if (!store) return;
  const auto keys = count_keys(*store);
  const auto tries = tries_of_sshd(settings);
  // The last try that fails is the end, and a password or another key may want one as well.
  if (keys > 0 && keys >= tries.count && offers_all_keys(settings)) {
    lines.push_back({"ssh.keys", Health::warn,
                     fmt::format("ssh offers {} of the store, and {} is {}: \"Too many "
                                 "authentication failures\"",
                                 keys == 1 ? "its key" : fmt::format("all {} keys", keys),
                                 tries.whose, tries.count),
                     tries.count < 2
                         ? "Set MaxAuthTries in sshd_config to its usual 6."
                         : "Put IdentitiesOnly yes and IdentityFile KEY.pub into ~/.ssh/config."});
    return;
  }
  lines.push_back({"ssh.keys", Health::ok,
                   fmt::format("ssh has {} key{} of the TPM to offer; {} is {}", keys,
                               keys == 1 ? "" : "s", tries.whose, tries.count),
                   ""});
}

/// The module that a user of the agent would add.
std::string module_to_add(const Machine& machine, const Settings& settings) {
  for (const auto& module : settings.modules) {
    if (machine.real_path(module.path)) return module.path;
  }
  return installed_module(machine);
}

void check_agent(const Machine& machine, const Settings& settings, Diagnoses& lines) {
  const auto module = module_to_add(machine, settings);
  const auto agent = agent_of_session(machine);
  if (agent.kind == AgentKind::none) {
    lines.push_back({"ssh.agent", Health::ok, "this session has no ssh-agent", ""});
    return;
  }
  if (agent.kind != AgentKind::openssh || module.empty()) {
    lines.push_back({"ssh.agent", agent.kind == AgentKind::openssh ? Health::ok : Health::unknown,
                     agent.words, ""});
    return;
  }
  const auto real = machine.real_path(module).value_or(module);
  if (takes_module(agent, real)) {
    lines.push_back({"ssh.agent", Health::ok,
                     fmt::format("{} takes modules of {}, as {}", agent.words, agent.allowed, real),
                     ""});
    return;
  }
  lines.push_back(
      {"ssh.agent", Health::fail,
       fmt::format("{} takes modules of {} only, and not {}", agent.words, agent.allowed, real),
       fmt::format("Start it with: ssh-agent -P '{}'", real)});
}

}  // namespace

void check_ssh(const Machine& machine, Diagnoses& lines) {
  const auto settings = read_settings(machine);
  check_modules(machine, settings, lines);
  check_key_count(machine, settings, lines);
  check_agent(machine, settings, lines);
}

}  // namespace tpmprobe::doctor
