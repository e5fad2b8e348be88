// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "walks/ssh/login_server.h"
#include "walks/ssh/way_bench.h"

namespace tpmprobe::walks {

/// One key that goes the way of PKCS#11.
struct Pkcs11Row {
  std::string_view id;         ///< as tpm2_ptool says it: "ecc384"; part of result ids
  std::string_view ssh_curve;  ///< RFC 5656: "nistp384"; empty for RSA
  /// ssh-keygen's or openssl's words for a key made outside; empty: the TPM makes it.
  std::string_view import_type;
  bool openssh_format = false;  ///< of the imported file; else PEM (PKCS#8)
};

/// On which tokens a wrong PIN may be tried: each one counts towards lockout.
enum class WrongPins : std::uint8_t {
  none,
  once,  ///< on the first that logs in
  each,
};

/// What the PKCS#11 way is walked with.
struct Pkcs11Walk {
  WayBench& bench;
  LoginServer& server;
  const Wanted& wanted;
  WrongPins wrong_pins = WrongPins::none;
};

/// The ways of all keys, those that tpm2_ptool makes before those that it imports, and then two
/// that people stumble over: `pkcs11.many-keys` and `pkcs11.unmanaged`.
std::vector<ProbeId> pkcs11_ways();

/// Walks those that are wanted. Each key has a store of its own, so that none can spoil the others:
/// token, key, `ssh-keygen -D`, login with PKCS11Provider, login through ssh-agent, and a login
/// with a wrong PIN. `many-keys`: one token with more keys than sshd lets ssh offer. `unmanaged`:
/// tpm2_ptool without a resource manager. What is missing makes its steps `blocked`.
void walk_pkcs11(const Pkcs11Walk& walk);

}  // namespace tpmprobe::walks
