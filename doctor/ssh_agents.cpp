// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/ssh_agents.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "knowledge/glob.h"

namespace tpmprobe::doctor {
namespace {

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

}  // namespace tpmprobe::doctor
