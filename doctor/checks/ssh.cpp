// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"
#include "doctor/ssh_settings.h"
#include "knowledge/text.h"

namespace tpmprobe::doctor {
namespace {

/// What SSH_AUTH_SOCK leads to.
enum class AgentKind { none, openssh, other };

/// The agent of this session.
struct SshAgent {
  AgentKind kind = AgentKind::none;
  std::string words;    ///< for a line: "ssh-agent (pid 812)"
  std::string allowed;  ///< its list of modules, of -P or OpenSSH's own (ssh-agent(1))
};

/// ssh-agent(1), -P.
constexpr const char* kUsual = "/usr/lib*/*,/usr/local/lib*/*";

/// As getopt(3) reads them: "-DP LIST" too, and nothing after the first word that is no option,
/// which is a command.
std::string allowed_by(const std::vector<std::string>& arguments) {
  constexpr std::string_view kWithValue = "aEOPt";
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word.size() < 2 || !word.starts_with("-") || word == "--") break;
    const auto letter = word.find_first_of(kWithValue, 1);
    if (letter == std::string::npos) continue;
    const bool apart = letter + 1 == word.size();
    if (apart && ++i == arguments.size()) break;
    if (word[letter] == 'P') return apart ? arguments[i] : word.substr(letter + 1);
  }
  return kUsual;
}

/// The one whose pid the session knows, else the only one.
const Process* choose(const Machine& machine, const std::vector<Process>& agents) {
  const auto pid = machine.variable("SSH_AGENT_PID").value_or("");
  const auto known = std::ranges::find_if(
      agents, [&](const Process& agent) { return std::to_string(agent.pid) == pid; });
  if (known != agents.end()) return &*known;
  return agents.size() == 1 ? &agents.front() : nullptr;
}

/// Told by the name of the socket, $SSH_AGENT_PID and the programs that run.
SshAgent agent_of_session(const Machine& machine) {
  const auto socket = machine.variable("SSH_AUTH_SOCK");
  if (!socket) return {};
  for (const auto* name : {"gpg-agent", "keyring"}) {
    if (socket->find(name) == std::string::npos) continue;
    return {AgentKind::other,
            fmt::format("this session's agent is {}, which does not accept PKCS#11 modules", name),
            ""};
  }
  const auto agents = machine.processes("ssh-agent");
  const auto* agent = choose(machine, agents);
  if (agent == nullptr) {
    return {AgentKind::other, "it is unknown which agent SSH_AUTH_SOCK leads to", ""};
  }
  return {AgentKind::openssh, fmt::format("ssh-agent (pid {})", agent->pid),
          allowed_by(agent->arguments)};
}

/// Whether its list has this path, of which all links were followed.
bool takes_module(const SshAgent& agent, const std::string& real_path) {
  // As match_pattern_list of OpenSSH: a "!" refuses, whatever else fits.
  std::istringstream patterns(agent.allowed);
  bool taken = false;
  for (std::string pattern; std::getline(patterns, pattern, ',');) {
    const bool refuses = pattern.starts_with("!");
    if (!knowledge::matches_glob(refuses ? pattern.substr(1) : pattern, real_path)) continue;
    if (refuses) return false;
    taken = true;
  }
  return taken;
}

/// A module of PKCS#11 that ssh's settings name.
struct NamedModule {
  std::string path;             ///< with the home in place of "~"
  bool for_some_hosts = false;  ///< only in a Host or Match block
};

/// Those of these settings (client_settings), each once.
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

/// Where the module of tpm2-pkcs11 is installed; empty if it is not.
std::string installed_module(const Machine& machine) {
  for (const auto& folder : library_folders(machine)) {
    const auto path = folder + "/pkcs11/libtpm2_pkcs11.so";
    if (machine.real_path(path)) return path;
  }
  return "";
}

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
    return {"ssh.module", Health::fail, seen + ", which does not exist", fix_for_missing(machine)};
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
  return {"ssh.module", Health::warn, seen + ": p11-kit, which is not configured for tpm2-pkcs11",
          fix_for_missing(machine)};
}

void check_modules(const Machine& machine, const Settings& settings, Diagnoses& lines) {
  for (const auto& module : settings.modules) lines.push_back(module_line(machine, module));
  if (!settings.modules.empty()) return;
  const auto installed = installed_module(machine);
  lines.push_back(
      {"ssh.module", Health::ok,
       installed.empty()
           ? "there is no PKCS11Provider in ssh's settings, and tpm2-pkcs11 is not installed"
           : "there is no PKCS11Provider in ssh's settings: keys in the TPM can be used only with "
             "ssh -I MODULE or the agent",
       ""});
}

/// What sshd of this machine allows; servers elsewhere have their own.
struct Tries {
  std::size_t count = 6;  ///< sshd_config(5), MaxAuthTries
  const char* whose = "sshd's default MaxAuthTries";
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
    lines.push_back(
        {"ssh.keys", Health::warn,
         fmt::format(
             "ssh offers {} from the store, and {} is {}: \"Too many authentication failures\"",
             keys == 1 ? "its key" : fmt::format("all {} keys", keys), tries.whose, tries.count),
         tries.count < 2 ? "Set MaxAuthTries in sshd_config to its default of 6."
                         : "Put IdentitiesOnly yes and IdentityFile KEY.pub into ~/.ssh/config."});
    return;
  }
  lines.push_back({"ssh.keys", Health::ok,
                   fmt::format("ssh has {} key{} in the TPM to offer; {} is {}", keys,
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
    lines.push_back(
        {"ssh.agent", Health::ok,
         fmt::format("{} accepts modules from {}, such as {}", agent.words, agent.allowed, real),
         ""});
    return;
  }
  lines.push_back(
      {"ssh.agent", Health::fail,
       fmt::format("{} accepts modules only from {}, not {}", agent.words, agent.allowed, real),
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
