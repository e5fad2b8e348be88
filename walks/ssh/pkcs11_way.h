// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "walks/ssh/login_server.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// A throw-away token of tpm2-pkcs11 in a store of its own, and the PINs to it.
class Token {
 public:
  /// `way` is that of its steps, `what` begins their titles; `environment` leads the
  /// programs to the TPM.
  Token(WayBench& bench, ProbeId way, std::string what, ChildEnvironment environment);

  /// A step of this way.
  WayStep begin(std::string step, std::string_view title, std::string expected);

  /// Ends it; no line of it has a PIN.
  bool finish(WayStep& step) const;

  /// Runs tpm2_ptool on the store; if that fails, so does the step.
  bool ptool(WayStep& step, std::vector<std::string> words) const;

  /// The step `token`: `tpm2_ptool init --transient-parent` and `addtoken`. For what comes of it
  /// the caller ends the step.
  WayStep make();

  /// `tpm2_ptool addkey` with this label.
  bool add_key(WayStep& step, std::string_view algorithm, const std::string& label) const;

  /// The words that every command on a key of this token ends with.
  [[nodiscard]] std::vector<std::string> key_words(const std::string& label) const;

  /// What leads programs to the token; they are told its PIN by a script.
  [[nodiscard]] const ChildEnvironment& environment() const { return environment_; }
  /// The same with a script that tells another PIN.
  [[nodiscard]] ChildEnvironment with_wrong_pin() const;

  [[nodiscard]] WayBench& bench() const { return bench_; }
  [[nodiscard]] const std::filesystem::path& store() const { return store_; }

 private:
  [[nodiscard]] std::string write_askpass(const std::string& name, const std::string& pin) const;

  WayBench& bench_;
  ProbeId way_;
  std::string what_;
  std::filesystem::path store_;
  std::string pin_, wrong_pin_, so_pin_;
  ChildEnvironment environment_;
};

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
