// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/ssh_agents.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "knowledge/glob.h"

namespace tpmprobe::probes {
namespace {

/// ssh-agent(1), -P.
constexpr const char* kUsual = "/usr/lib*/*,/usr/local/lib*/*";

std::string allowed_by(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("-P")) continue;
    if (arguments[i].size() > 2) return arguments[i].substr(2);
    if (i + 1 < arguments.size()) return arguments[i + 1];
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

}  // namespace

SshAgent agent_of_session(const Machine& machine) {
  const auto socket = machine.variable("SSH_AUTH_SOCK");
  if (!socket) return {};
  for (const auto* name : {"gpg-agent", "keyring"}) {
    if (socket->find(name) == std::string::npos) continue;
    return {AgentKind::other,
            fmt::format("this session's agent is {}, which takes no PKCS#11 module", name), ""};
  }
  const auto agents = machine.processes("ssh-agent");
  const auto* agent = choose(machine, agents);
  if (agent == nullptr) {
    return {AgentKind::other, "which agent SSH_AUTH_SOCK leads to is not to be seen", ""};
  }
  return {AgentKind::openssh, fmt::format("ssh-agent (pid {})", agent->pid),
          allowed_by(agent->arguments)};
}

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

}  // namespace tpmprobe::probes
