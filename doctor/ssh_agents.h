// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// What SSH_AUTH_SOCK leads to.
enum class AgentKind { none, openssh, other };

/// The agent of this session.
struct SshAgent {
  AgentKind kind = AgentKind::none;
  std::string words;    ///< for a line: "ssh-agent (pid 812)"
  std::string allowed;  ///< its list of modules, of -P or OpenSSH's own (ssh-agent(1))
};

/// Told by the name of the socket, $SSH_AGENT_PID and the programs that run.
SshAgent agent_of_session(const Machine& machine);

/// Whether its list has this path, of which all links were followed.
bool takes_module(const SshAgent& agent, const std::string& real_path);

}  // namespace tpmprobe::doctor
