// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "tpm/error.h"

namespace tpmprobe::walks {

/// Who logs in to an sshd that this user runs.
struct LoginAccount {
  std::string name;
  /// It is not this user, and may not read this user's files.
  bool is_another = false;
};

/// This user, as sshd lets in nobody else unless root runs it. sshd without PAM lets no account in
/// whose password is locked, and root's is where people work by sudo (Debian's installer without a
/// root password, Ubuntu): there it is an account without rights. Errors: io, no name or no account
/// that is not locked.
Expected<LoginAccount> login_account();

}  // namespace tpmprobe::walks
