// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/authorization/session_book.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "tpm/command_builder.h"
#include "tpm/digest.h"
#include "tpm/layers/handle_ledger.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::size_t kCodeSize = 4;

void append(Bytes& to, ByteView octets) {
  to.insert(to.end(), octets.begin(), octets.end());
}

void append_code(Bytes& to, std::uint32_t code) {
  tpm::header::append(to, kCodeSize, code);
}

}  // namespace

Bytes compute(const SessionHmac& covered, ByteView key, ByteView parameter_hash) {
  const EVP_MD* algorithm = tpm::find_hash(covered.hash);
  if (algorithm == nullptr) return {};
  Bytes message(parameter_hash.begin(), parameter_hash.end());
  append(message, covered.newer);
  append(message, covered.older);
  append(message, covered.others);
  message.push_back(covered.attributes);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  // An empty key still needs a place to point to.
  static constexpr std::uint8_t kNothing = 0;
  const auto* octets = key.empty() ? &kNothing : key.data();
  if (HMAC(algorithm, octets, static_cast<int>(key.size()), message.data(), message.size(),
           mac.data(), &size) == nullptr) {
    return {};
  }
  return {mac.begin(), mac.begin() + size};
}

Bytes command_octets(const knowledge::WireCommand& command, ByteView names) {
  Bytes octets;
  append_code(octets, command.code);
  append(octets, names);
  append(octets, command.parameters);
  return octets;
}

Bytes response_octets(std::uint32_t command_code, ByteView parameters) {
  Bytes octets;
  append_code(octets, 0);
  append_code(octets, command_code);
  append(octets, parameters);
  return octets;
}

namespace {

namespace cc = knowledge::cc;
namespace header = tpm::header;
using knowledge::WireAuth;
using knowledge::WireCommand;

constexpr std::size_t kMostAuths = 64;
constexpr std::size_t kHandleSize = 4;

/// Where auth values stand in commands.
constexpr std::array<std::string_view, 4> kAuthPaths{"inSensitive.sensitive.userAuth.buffer",
                                                     "inPrivate.sensitiveArea.authValue.buffer",
                                                     "newAuth.buffer", "auth.buffer"};

Bytes copy_of(ByteView octets) {
  return {octets.begin(), octets.end()};
}

/// Whether a command can teach anything.
bool concerns_sessions(const tpm::WireExchange& exchange) {
  const std::uint32_t code = exchange.code();
  return header::tag(exchange.command()) == header::kSessions || code == cc::kStartAuthSession ||
         code == cc::kLoadExternal;
}

}  // namespace

void SessionBook::learn(const tpm::WireExchange& exchange) {
  if (!concerns_sessions(exchange) || exchange.rc() != 0 || !exchange.request()) return;
  learn_auths(exchange);
  if (exchange.success() == nullptr) return;
  roll(*exchange.request(), *exchange.success());
  if (exchange.code() == cc::kStartAuthSession) learn_session(exchange);
}

void SessionBook::learn_session(const tpm::WireExchange& exchange) {
  const std::uint32_t handle = exchange.success()->handles.front();
  sessions_.erase(handle);
  // Its key comes from a secret unless both are TPM_RH_NULL (Part 1, 19.6.8).
  if (std::ranges::any_of(exchange.request()->handles,
                          [](auto other) { return other != knowledge::rh::kNull; }))
    return;
  const auto* hash = exchange.asked().find("authHash");
  const auto* nonce = exchange.given().find("nonceTPM.buffer");
  if (hash == nullptr || nonce == nullptr) return;
  sessions_[handle] = {static_cast<std::uint16_t>(hash->value),
                       copy_of(exchange.given().octets(*nonce)), std::nullopt};
}

void SessionBook::learn_auths(const tpm::WireExchange& exchange) {
  for (const WireAuth& auth : exchange.request()->auths) {
    if (auth.session == knowledge::rs::kPw) remember(auth.hmac);
  }
  for (const auto path : kAuthPaths) remember(exchange.asked().octets(path));
}

// Zeros at the end do not count (Part 1, 19.6.4.3).
void SessionBook::remember(ByteView auth) {
  while (!auth.empty() && auth.back() == 0) auth = auth.first(auth.size() - 1);
  const Bytes octets = copy_of(auth);
  if (std::ranges::find(auths_, octets) != auths_.end()) return;
  if (auths_.size() == kMostAuths) auths_.pop_back();
  auths_.insert(auths_.begin() + 1, octets);
}

void SessionBook::roll(const WireCommand& command, const knowledge::WireResponse& response) {
  std::vector<std::optional<Bytes>> found;  // all before any nonce rolls: they depend on each other
  for (std::size_t at = 0; at < command.auths.size(); ++at) found.push_back(find_auth(command, at));
  for (std::size_t at = 0; at < command.auths.size(); ++at) {
    const auto session = sessions_.find(command.auths[at].session);
    if (session == sessions_.end()) continue;
    session->second.auth = std::move(found[at]);
    session->second.nonce_tpm = copy_of(response.auths[at].nonce);
  }
}

std::optional<Bytes> SessionBook::find_auth(const WireCommand& command, std::size_t at) {
  const WireAuth& auth = command.auths[at];
  const auto session = sessions_.find(auth.session);
  if (session == sessions_.end() || auth.hmac.empty()) return std::nullopt;
  const SessionHmac covered = hmac_of(command, at, session->second);
  // The command is as the caller made it, or as the TPM gets it.
  for (const bool as_shown : {false, true}) {
    const auto names = names_of(command, as_shown);
    if (!names) return std::nullopt;
    const Bytes hash = tpm::digest(covered.hash, command_octets(command, *names));
    for (const Bytes& candidate : auths_) {
      if (std::ranges::equal(compute(covered, candidate, hash), auth.hmac)) return candidate;
    }
    if (shown_.empty()) break;
  }
  return std::nullopt;
}

SessionHmac SessionBook::hmac_of(const WireCommand& command, std::size_t at,
                                 const Session& session) const {
  SessionHmac covered{session.hash,
                      copy_of(command.auths[at].nonce),
                      session.nonce_tpm,
                      {},
                      command.auths[at].attributes};
  if (at != 0) return covered;
  std::size_t last = 0;
  for (const std::uint8_t use : {knowledge::kSessionDecrypt, knowledge::kSessionEncrypt}) {
    const auto other = std::ranges::find_if(
        command.auths, [&](const WireAuth& auth) { return (auth.attributes & use) != 0; });
    if (other == command.auths.end()) continue;
    const auto index = static_cast<std::size_t>(other - command.auths.begin());
    const auto known = sessions_.find(other->session);
    if (index == last || known == sessions_.end()) continue;
    const Bytes& nonce = known->second.nonce_tpm;
    covered.others.insert(covered.others.end(), nonce.begin(), nonce.end());
    last = index;
  }
  return covered;
}

std::optional<Bytes> SessionBook::names_of(const WireCommand& command, bool as_shown) {
  Bytes names;
  for (const std::uint32_t handle : command.handles) {
    auto name = name_of(handle);
    if (!name) return std::nullopt;
    const auto shown = as_shown ? shown_.find(key_of(*name)) : shown_.end();
    if (shown != shown_.end()) name = shown->second;
    names.insert(names.end(), name->begin(), name->end());
  }
  return names;
}

// Part 1, 16: objects and NV indices have a Name, of everything else the handle is it.
std::optional<Bytes> SessionBook::name_of(std::uint32_t handle) {
  const auto kind = tpm::kind_of(handle);
  const bool nv = kind == tpm::HandleKind::nv_index;
  if (!nv && kind != tpm::HandleKind::transient && kind != tpm::HandleKind::persistent) {
    Bytes name(kHandleSize);
    header::store(name, 0, kHandleSize, handle);
    return name;
  }
  const std::uint32_t code = nv ? cc::kNvReadPublic : cc::kReadPublic;
  tpm::WireExchange question(tpm::CommandBuilder(code).handle(handle).build());
  if (!tpm_.carry(question, tpm::kNoDeadline)) return std::nullopt;
  Bytes name = copy_of(question.given().octets(nv ? "nvName.buffer" : "name.buffer"));
  if (name.empty()) return std::nullopt;
  return name;
}

Authorized SessionBook::check(const tpm::WireExchange& exchange) {
  const auto& split = exchange.request();
  if (!split) return Authorized::unknown;
  auto result = Authorized::unknown;
  for (std::size_t at = 0; at < split->auths.size(); ++at) {
    const bool computable = sessions_.contains(split->auths[at].session) &&
                            !split->auths[at].hmac.empty() && names_of(*split).has_value();
    if (!computable) continue;
    if (!find_auth(*split, at)) return Authorized::no;
    result = Authorized::yes;
  }
  return result;
}

Bytes SessionBook::authorize_command(const tpm::WireExchange& exchange, Bytes changed) {
  const tpm::WireExchange other{ByteView(changed)};
  const auto& before = exchange.request();
  const auto& after = other.request();
  if (!before || !after || before->auths.size() != after->auths.size()) return changed;
  const auto names = names_of(*after);
  Bytes result = changed;
  for (std::size_t at = 0; names && at < after->auths.size(); ++at) {
    const auto auth = find_auth(*before, at);
    if (!auth) continue;
    const auto covered = hmac_of(*after, at, sessions_.at(after->auths[at].session));
    const Bytes hash = tpm::digest(covered.hash, command_octets(*after, *names));
    const Bytes mac = compute(covered, *auth, hash);
    const auto place = after->auths[at].hmac.data() - changed.data();
    if (mac.size() == after->auths[at].hmac.size()) std::ranges::copy(mac, result.begin() + place);
  }
  return result;
}

void SessionBook::authorize_response(tpm::WireExchange& exchange) {
  const auto& split = exchange.request();
  if (!split || split->auths.empty() || exchange.success() == nullptr) return;
  const auto& answer = *exchange.success();
  Bytes result = exchange.response();
  for (std::size_t at = 0; at < split->auths.size(); ++at) {
    const auto session = sessions_.find(split->auths[at].session);
    if (session == sessions_.end() || !session->second.auth) continue;
    const WireAuth& given = answer.auths[at];
    const SessionHmac covered{session->second.hash,
                              copy_of(given.nonce),
                              copy_of(split->auths[at].nonce),
                              {},
                              given.attributes};
    const Bytes hash = tpm::digest(covered.hash, response_octets(split->code, answer.parameters));
    const Bytes mac = compute(covered, *session->second.auth, hash);
    const auto place = given.hmac.data() - exchange.response().data();
    if (mac.size() == given.hmac.size()) std::ranges::copy(mac, result.begin() + place);
  }
  exchange.answer(std::move(result));
}

}  // namespace tpmprobe::emulator
