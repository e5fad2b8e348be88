// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/signature_effects.h"

#include <optional>

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

std::optional<MadeSignature> find_signature(Exchange& exchange) {
  const tpm::WireExchange& wire = exchange.wire;
  if (wire.code() != cc::kSign || exchange.vault.empty()) return std::nullopt;
  if (wire.success() == nullptr) return std::nullopt;
  const OwnKey* key = exchange.vault.find(wire.request()->handles.front());
  if (key == nullptr) return std::nullopt;
  const ByteView digest = is_encrypted(wire) ? ByteView() : wire.asked().octets("digest.buffer");
  const ByteView rsa = octets_at(wire.given(), kRsaSignature);
  return MadeSignature{key,
                       value_at(wire.given(), "signature.sigAlg"),
                       {value_at(wire.given(), "signature...hash"), {digest.begin(), digest.end()}},
                       {rsa.begin(), rsa.end()}};
}

Bytes signature_in(const Exchange& exchange) {
  const ByteView octets = exchange.wire.given().octets("signature");
  return {octets.begin(), octets.end()};
}

/// TPM2_VerifySignature will need what the TPM itself has signed, which was `real`.
void remember(Exchange& exchange, const MadeSignature& made, const Bytes& real) {
  if (made.key->is_substituted()) exchange.vault.keep_signature(real, signature_in(exchange));
}

void sign_ecc(Exchange& exchange, const MadeSignature& made,
              const std::optional<ReSignEcc>& nonce) {
  const EccPrivate* key = made.what.digest.empty() ? nullptr : made.ecc_key();
  std::optional<EccSignature> own;
  if (key != nullptr && made.scheme == alg::kEcdsa) own = sign_ecdsa(*key, made.what, nonce);
  if (key != nullptr && made.scheme == alg::kEcschnorr) {
    own = sign_ecschnorr(*key, made.what, nonce);
  }
  if (!own) return;
  const Bytes real = signature_in(exchange);
  put(exchange, "signature...signatureR.buffer", own->r);
  put(exchange, "signature...signatureS.buffer", own->s);
  remember(exchange, made, real);
}

void sign_rsa(Exchange& exchange, const MadeSignature& made, const Bytes& own) {
  const Bytes real = signature_in(exchange);
  put(exchange, kRsaSignature, own);
  remember(exchange, made, real);
}

}  // namespace

void sign_as_shown(Exchange& exchange) {
  const auto made = find_signature(exchange);
  if (!made || !made->key->is_substituted()) return;
  const RsaPrivate* key = made->rsa_key();
  if (key == nullptr) return sign_ecc(exchange, *made, std::nullopt);
  const std::size_t size = made->rsa.size();
  Bytes own;
  if (made->scheme == alg::kRsapss) own = sign_pss(*key, made->what, std::nullopt, size);
  if (made->scheme == alg::kRsassa) {
    // What the TPM itself has encoded, for whatever hash.
    own = rsa_private_operation(
        *key, refitted(*key, rsa_public_operation(made->key->real, made->rsa)), size);
  }
  sign_rsa(exchange, *made, own);
}

Expected<void> apply(const ReSignEcc& effect, Exchange& exchange) {
  return exchange.pass_on().map([&] {
    if (const auto made = find_signature(exchange)) sign_ecc(exchange, *made, effect);
  });
}

Expected<void> apply(const ReSignPss& effect, Exchange& exchange) {
  return exchange.pass_on().map([&] {
    const auto made = find_signature(exchange);
    if (!made || made->scheme != alg::kRsapss || made->rsa_key() == nullptr) return;
    sign_rsa(exchange, *made,
             sign_pss(*made->rsa_key(), made->what, effect.salt, made->rsa.size()));
  });
}

}  // namespace tpmprobe::emulator
