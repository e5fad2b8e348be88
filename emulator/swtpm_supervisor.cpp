// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/swtpm_supervisor.h"

#include <csignal>
#include <initializer_list>

#include <fcntl.h>
#include <sys/socket.h>

#include "tpm/posix/child_side.h"
#include "tpm/posix/process.h"

namespace tpmprobe::emulator {
namespace {

tpm::ChildProcess start_swtpm(const SwtpmFiles& files) {
  std::error_code ignored;
  std::filesystem::remove(files.socket(), ignored);
  std::filesystem::remove(files.control(), ignored);
  const tpm::UniqueFd log(
      ::open(files.log().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  tpm::ProcessOptions options;
  options.output_fd = log.get();
  options.error_fd = log.get();
  auto swtpm = tpm::ChildProcess::start(
      {"swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + files.directory.string(),  //
       "--server", "type=unixio,path=" + files.socket().string(),                     //
       "--ctrl", "type=unixio,path=" + files.control().string(),                      //
       "--flags", "not-need-init"},
      options);
  return swtpm ? std::move(*swtpm) : tpm::ChildProcess{};
}

bool reply(int socket, pid_t pid) {
  return ::send(socket, &pid, sizeof pid, MSG_NOSIGNAL) == sizeof pid;
}

}  // namespace

int supervise_swtpm(int socket, const SwtpmFiles& files) {
  // Whoever ends all our processes at once ends the owner, too, and the directory must still go.
  for (int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_IGN);
  const int owner = tpm::keep_only(socket, false);
  {
    tpm::ChildProcess swtpm;
    char request = 0;
    while (::recv(owner, &request, sizeof request, 0) == sizeof request) {
      swtpm.child().kill();
      if (request == static_cast<char>(SupervisorRequest::start)) swtpm = start_swtpm(files);
      if (!reply(owner, swtpm.child().pid())) break;
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(files.directory, ignored);
  return 0;
}

}  // namespace tpmprobe::emulator
