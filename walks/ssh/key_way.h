// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "walks/ssh/broker.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::walks {

/// What the ways of all keys share.
struct KeyWayTools {
  const Pkcs11Walk& walk;
  const Broker& broker;
  std::string module;  ///< path of tpm2-pkcs11's
};

/// Goes the way of one key: its results are `WAY.token`, `.addkey` or `.import`, `.public-key`,
/// `.login`, `.agent`, and with `wrong_pin`, if it came to a login, `.wrong-pin`. The value tells
/// whether a wrong PIN was tried.
bool walk_key(const KeyWayTools& tools, const Pkcs11Row& row, const ProbeId& way, bool wrong_pin);

/// `pkcs11.many-keys.token`, `.addkey`, `.login`, `.identity-file`: a token with more keys than
/// MaxAuthTries (sshd_config(5)) lets ssh offer, and how to log in with it all the same.
void walk_many_keys(const KeyWayTools& tools, const ProbeId& way);

/// `pkcs11.unmanaged.token`: tpm2_ptool before the bare TPM.
void walk_unmanaged(const Pkcs11Walk& walk, const ProbeId& way);

}  // namespace tpmprobe::walks
