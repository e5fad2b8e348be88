// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/token_agent.h"

#include <chrono>
#include <thread>

#include <fcntl.h>

#include "tpm/posix/whole_file.h"
#include "walks/ssh/listens.h"

namespace tpmprobe::walks {

TokenAgent::TokenAgent(const std::filesystem::path& folder, std::string module,
                       ChildEnvironment environment)
    : module_(std::move(module)),
      socket_(folder / "agent"),
      log_path_(folder / "agent.log"),
      environment_(std::move(environment)) {}

bool TokenAgent::add(WayStep& step) {
  std::filesystem::remove(socket_);
  log_ = tpm::UniqueFd(
      ::open(log_path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  tpm::ProcessOptions options;
  options.environment = environment_;
  options.error_fd = log_.get();
  // The list is matched against the real path, and against the one that the client named.
  const auto allowed = std::filesystem::canonical(module_).string() + "," + module_;
  auto agent = tpm::ChildProcess::start({"ssh-agent", "-D", "-a", socket_, "-P", allowed}, options);
  if (!agent) {
    step.add_lines(agent.error().message);
    return false;
  }
  agent_ = std::move(*agent);
  for (int tries = 0; tries < 2000 && !listens(socket_) && is_running(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return step.run({"ssh-add", "-s", module_}, with(environment_, "SSH_AUTH_SOCK", socket_));
}

bool TokenAgent::is_running() {
  const tpm::SystemClock clock;
  return agent_ && !agent_->child().wait(clock.now() + std::chrono::milliseconds(50), clock);
}

std::string TokenAgent::log() const {
  return tpm::whole_file(log_path_);
}

}  // namespace tpmprobe::walks
