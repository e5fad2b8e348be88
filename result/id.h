// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tpmprobe {

/// What kind of thing a result is about: the first word of its id.
enum class Family : std::uint8_t {
  other,  ///< not of this version: `subject` is the whole id
  identity,
  capability,
  state,
  session,  ///< beginning and end of a run
  rng,
  clock,
  time,
  hash,
  key,
  sign,   ///< `scheme`, `key` and `hash`
  known,  ///< "sign.known": signatures of keys that both sides know
  ssh,    ///< `scheme` is ssh's name of the algorithm; `key` where that does not fix it
  direct,
  pkcs11,
  import,
  fapi,
  store,
};

/// What a probe or a step of a walk is about. Its text is its id, which is stable for ever; it is
/// made by `to_string` and read by `parse_id`, and by nothing else.
struct ProbeId {
  Family family = Family::other;
  std::string subject = {};  ///< of a family without a field of its own: "self-test"
  std::string way = {};      ///< what a walk goes: "ecc384", "many-keys", a profile, a primary
  std::string key = {};      ///< "rsa2048", "p384"
  std::string scheme = {};   ///< "rsapss", "rsa-sha2-256-raw"
  std::string hash = {};     ///< "sha3-256"
  std::string step = {};     ///< of a walk or a run: "login", "open"

  friend bool operator==(const ProbeId&, const ProbeId&) = default;
};

/// "sign.ecdsa-p384-sha384", "pkcs11.ecc384.login", "session.open".
std::string to_string(const ProbeId& id);

/// The way of a step, which all its steps share: "pkcs11.ecc384"; "fapi" of a step of all ways.
ProbeId without_step(ProbeId id);

/// That step of a way.
ProbeId with_step(ProbeId way, std::string step);

/// The id with this text. A text that this version does not make is `Family::other`.
ProbeId parse_id(std::string_view text);

/// Whether this is the text of the id.
inline bool operator==(const ProbeId& id, std::string_view text) {
  return to_string(id) == text;
}

}  // namespace tpmprobe
