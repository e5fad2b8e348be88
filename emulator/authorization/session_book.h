// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "knowledge/wire.h"
#include "tpm/bytes.h"
#include "tpm/transport/transport.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// What an HMAC of a session covers beside the parameters (Part 1, 19.6.5).
struct SessionHmac {
  std::uint16_t hash = 0;  ///< TPM_ALG_ID of the session
  Bytes newer, older;      ///< nonces
  Bytes others;            ///< nonceTPM of other sessions that decrypt or encrypt, for the first
  std::uint8_t attributes = 0;
};

/// The HMAC with this key over a cpHash or rpHash and the rest; empty if OpenSSL has no such hash.
Bytes compute(const SessionHmac& covered, ByteView key, ByteView parameter_hash);

/// What cpHash is the digest of: command code, Names of all handles, parameters (Part 1, 18.7).
Bytes command_octets(const knowledge::WireCommand& command, ByteView names);

/// What rpHash of a success is the digest of: response code, command code, parameters.
Bytes response_octets(std::uint32_t command_code, ByteView parameters);

/// Whether the HMACs of a command's sessions are right.
enum class Authorized : std::uint8_t {
  yes,      ///< they are, for an auth value that is known
  no,       ///< there is an HMAC that can be computed, and no known auth value fits
  unknown,  ///< salted or bound sessions, or none with an HMAC
};

/// What passed of sessions and auth values, so that an HMAC can be made right again when a layer
/// has changed what it protects (Part 1, 19.6). That needs a session without salt and binding, and
/// an auth value that is empty or went past in plain. `tpm` is asked for the Names of objects.
class SessionBook {
 public:
  /// `tpm` outlives this.
  explicit SessionBook(tpm::Transport& tpm) : tpm_(tpm) {}

  /// Takes note of an exchange with the TPM itself, whoever sent the command. Costs next to nothing
  /// for a command that can teach nothing: one without sessions that makes none.
  void learn(const tpm::WireExchange& exchange);

  /// The caller is told of this Name, wherever it is the TPM's for an object, that it is `shown`.
  void show_as(const Bytes& name, Bytes shown) { shown_[key_of(name)] = std::move(shown); }

  /// Checks the HMACs of a command as the caller sent it, before the TPM gets it.
  [[nodiscard]] Authorized check(const tpm::WireExchange& exchange);

  /// `changed` differs from the command in its parameters, or in Names that the caller was shown:
  /// with HMACs that are right for it and the Names that the TPM has. Where they cannot be computed
  /// they stay as they are. Before the TPM gets either.
  [[nodiscard]] Bytes authorize_command(const tpm::WireExchange& exchange, Bytes changed);

  /// The response differs from that of the TPM in its parameters: gives it the HMACs that the
  /// caller expects. Where they cannot be computed they stay as they are. After `learn`.
  void authorize_response(tpm::WireExchange& exchange);

 private:
  // g++ 12 warns of its own comparison of vectors of octets.
  static std::string key_of(const Bytes& name) { return {name.begin(), name.end()}; }

  struct Session {
    std::uint16_t hash = 0;  ///< TPM_ALG_ID
    Bytes nonce_tpm;
    std::optional<Bytes> auth;  ///< that the last command was authorized with, if it is known
  };

  void learn_session(const tpm::WireExchange& exchange);
  void learn_auths(const tpm::WireExchange& exchange);
  void roll(const knowledge::WireCommand& command, const knowledge::WireResponse& response);
  void remember(ByteView auth);
  /// The auth value that fits the HMAC of session `at` of the command; `no` HMAC to fit: nothing.
  std::optional<Bytes> find_auth(const knowledge::WireCommand& command, std::size_t at);
  SessionHmac hmac_of(const knowledge::WireCommand& command, std::size_t at,
                      const Session& session) const;
  std::optional<Bytes> names_of(const knowledge::WireCommand& command, bool as_shown = false);
  std::optional<Bytes> name_of(std::uint32_t handle);

  tpm::Transport& tpm_;
  std::map<std::uint32_t, Session> sessions_;  // by handle; an ended one until its handle is reused
  std::map<std::string, Bytes> shown_;         // the caller's Names of objects, by the TPM's
  std::deque<Bytes> auths_{Bytes()};           // in plain so far; the empty one is always first
};

}  // namespace tpmprobe::emulator
