// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "tpm/bytes.h"
#include "tpm/error.h"

namespace tpmprobe::probes {

/// What `ssh-keygen -Y verify` is asked.
struct SshKeygenQuestion {
  std::string public_key_line;  ///< from `public_key_line`
  std::string name_space;       ///< the one that was signed
  std::string sshsig_file;      ///< from `sshsig_file`
  Bytes message;
};

/// What it answers.
struct SshKeygenAnswer {
  bool valid = false;     ///< its exit status was 0
  std::string last_line;  ///< of its output and errors, without the line end; may be empty
};

/// Lets the installed ssh-keygen check a signature, as sshd's own code would at a login. The files
/// that it needs lie in a private directory for that moment. Fails with `no_access` if it is not
/// installed, and as `tpm::run_process` does.
Expected<SshKeygenAnswer> verify_with_ssh_keygen(const SshKeygenQuestion& question);

/// The version of the installed OpenSSH, "OpenSSH_9.2p1", from `ssh -V`: one process each time.
Expected<std::string> ssh_keygen_version();

}  // namespace tpmprobe::probes
