// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "probes/ssh/way/login_server.h"
#include "probes/ssh/way/way_bench.h"

namespace tpmprobe::probes {

/// One key that goes the way of PKCS#11.
struct Pkcs11Row {
  std::string_view id;         ///< as tpm2_ptool says it: "ecc384"; part of result ids
  std::string_view ssh_curve;  ///< RFC 5656: "nistp384"; empty for RSA
  /// ssh-keygen's or openssl's words for a key made outside; empty: the TPM makes it.
  std::string_view import_type;
  bool openssh_format = false;  ///< of the imported file; else PEM (PKCS#8)
};

/// "pkcs11.ecc384", "import.rsa2048": what the ids of its results begin with.
std::string id_of(const Pkcs11Row& row);

/// The keys that tpm2_ptool makes, then those that it imports.
std::span<const Pkcs11Row> pkcs11_rows();

/// Walks, for each row that `wanted` says yes to: token, key, `ssh-keygen -D`, login with
/// PKCS11Provider, login through ssh-agent; and once a login with a wrong PIN if `wrong_pin`. Each
/// key has a store of its own, so that none can spoil the others'. What is missing makes its steps
/// `blocked`.
void walk_pkcs11(WayBench& bench, LoginServer& server,
                 const std::function<bool(const std::string& way_and_key)>& wanted, bool wrong_pin);

}  // namespace tpmprobe::probes
