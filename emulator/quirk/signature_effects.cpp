// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/signature_effects.h"

#include <utility>

#include "emulator/quirk/own_signatures.h"
#include "emulator/quirk/response_change.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

constexpr std::string_view kRsaSignature = "signature...sig.buffer";

/// A signature that TPM2_Sign has made by a key whose private half is known.
struct MadeSignature {
  const OwnKey* key = nullptr;
  std::uint16_t scheme = 0;
  ToSign what;  ///< without digest if that was encrypted: only RSASSA can do without
  Bytes rsa;    ///< empty for ECC

  [[nodiscard]] const RsaPrivate* rsa_key() const { return std::get_if<RsaPrivate>(&key->secret); }
  [[nodiscard]] const EccPrivate* ecc_key() const { return std::get_if<EccPrivate>(&key->secret); }
};

std::optional<MadeSignature> find_signature(Exchange& exchange, ByteView response) {
  const CommandView& command = exchange.command;
  if (command.code() != cc::kSign || exchange.vault.empty()) return std::nullopt;
  const auto answer = command.split_response(response);
  if (!answer) return std::nullopt;
  const auto fields = command.fields_of(*answer);
  const OwnKey* key = exchange.vault.find(command.handles().front());
  if (key == nullptr) return std::nullopt;
  const ByteView digest = is_encrypted(command)
                              ? ByteView()
                              : octets_at(command.fields(), "digest.buffer", command.octets());
  const ByteView rsa = octets_at(fields, kRsaSignature, response);
  return MadeSignature{key,
                       value_at(fields, "signature.sigAlg"),
                       {value_at(fields, "signature...hash"), {digest.begin(), digest.end()}},
                       {rsa.begin(), rsa.end()}};
}

Bytes signature_in(const Exchange& exchange, ByteView response) {
  const auto answer = exchange.command.split_response(response);
  if (!answer) return {};
  const ByteView octets = octets_at(exchange.command.fields_of(*answer), "signature", response);
  return {octets.begin(), octets.end()};
}

/// TPM2_VerifySignature will need what the TPM itself has signed.
void remember(Exchange& exchange, const MadeSignature& made, ByteView real, ByteView shown) {
  if (!made.key->is_substituted()) return;
  exchange.vault.keep_signature(signature_in(exchange, real), signature_in(exchange, shown));
}

Bytes sign_ecc(Exchange& exchange, const MadeSignature& made, Bytes response,
               const std::optional<ReSignEcc>& nonce) {
  const EccPrivate* key = made.what.digest.empty() ? nullptr : made.ecc_key();
  std::optional<EccSignature> own;
  if (key != nullptr && made.scheme == alg::kEcdsa) own = sign_ecdsa(*key, made.what, nonce);
  if (key != nullptr && made.scheme == alg::kEcschnorr) {
    own = sign_ecschnorr(*key, made.what, nonce);
  }
  if (!own) return response;
  const Bytes before = response;
  response = put(exchange, std::move(response), "signature...signatureR.buffer", own->r);
  response = put(exchange, std::move(response), "signature...signatureS.buffer", own->s);
  remember(exchange, made, before, response);
  return response;
}

Bytes sign_rsa(Exchange& exchange, const MadeSignature& made, const Bytes& response,
               const Bytes& own) {
  Bytes changed = put(exchange, response, kRsaSignature, own);
  remember(exchange, made, response, changed);
  return changed;
}

}  // namespace

Bytes sign_as_shown(Exchange& exchange, Bytes response) {
  const auto made = find_signature(exchange, response);
  if (!made || !made->key->is_substituted()) return response;
  const RsaPrivate* key = made->rsa_key();
  if (key == nullptr) return sign_ecc(exchange, *made, std::move(response), std::nullopt);
  const std::size_t size = made->rsa.size();
  Bytes own;
  if (made->scheme == alg::kRsapss) own = sign_pss(*key, made->what, std::nullopt, size);
  if (made->scheme == alg::kRsassa) {
    // What the TPM itself has encoded, for whatever hash.
    own = rsa_private_operation(
        *key, refitted(*key, rsa_public_operation(made->key->real, made->rsa)), size);
  }
  return sign_rsa(exchange, *made, std::move(response), own);
}

Expected<Bytes> apply(const ReSignEcc& effect, Exchange& exchange) {
  auto response = exchange.pass_on();
  const auto made = response ? find_signature(exchange, *response) : std::nullopt;
  if (!made) return response;
  return sign_ecc(exchange, *made, std::move(*response), effect);
}

Expected<Bytes> apply(const ReSignPss& effect, Exchange& exchange) {
  auto response = exchange.pass_on();
  const auto made = response ? find_signature(exchange, *response) : std::nullopt;
  if (!made || made->scheme != alg::kRsapss || made->rsa_key() == nullptr) return response;
  return sign_rsa(exchange, *made, *response,
                  sign_pss(*made->rsa_key(), made->what, effect.salt, made->rsa.size()));
}

}  // namespace tpmprobe::emulator
