// SPDX-License-Identifier: BSD-2-Clause
#include <optional>
#include <string_view>
#include <utility>

#include "emulator/quirk/effects.h"
#include "emulator/quirk/field_change.h"
#include "emulator/quirk/own_signatures.h"
#include "emulator/quirk/response_change.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "tpm/digest.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
using knowledge::WireField;

// TPMA_OBJECT, Part 2, 8.3
constexpr std::uint32_t kRestricted = 0x00010000, kSign = 0x00040000;
constexpr std::string_view kGivenArea = "inPublic.publicArea", kMadeArea = "outPublic.publicArea";
constexpr std::string_view kCipher = "cipherText.buffer";

/// The public area and the Name in the response become those of the key that the caller is shown.
void show(Exchange& exchange, const OwnKey& key) {
  Bytes name;
  change_response(exchange, kMadeArea, [&](const WireField&, ByteView area) {
    Bytes shown = with_half(area, key.shown);
    name = tpm::name_of(shown);
    exchange.book.show_as(tpm::name_of(area), name);
    return shown;
  });
  put(exchange, "name.buffer", name);
}

std::optional<PublicArea> area_in_response(const Exchange& exchange) {
  return read_public_area(exchange.wire.given().octets(kMadeArea));
}

bool is_meant(const SubstituteKey& effect, const PublicArea& area) {
  return area.type == effect.type && (area.attributes & kSign) != 0 &&
         (area.attributes & kRestricted) == 0;
}

Expected<void> create(const SubstituteKey& effect, Exchange& exchange) {
  const auto area = area_in_response(exchange);
  if (!area || !is_meant(effect, *area)) return {};
  const OwnKey* key = exchange.vault.substitute(effect.shape, *area);
  if (key == nullptr) {
    return fail(Error::Kind::io, exchange.wire.code(), "OpenSSL cannot create a key of this type");
  }
  show(exchange, *key);
  return {};
}

void read_public(Exchange& exchange) {
  const auto area = area_in_response(exchange);
  const OwnKey* key = area ? exchange.vault.find_real(area->half) : nullptr;
  if (key != nullptr && key->is_substituted()) show(exchange, *key);
}

Bytes unchanged(const tpm::WireExchange& wire) {
  return {wire.command().begin(), wire.command().end()};
}

/// What the caller was shown of the key in this public area; null if it was shown none.
const OwnKey* find_given(const Exchange& exchange, ByteView area) {
  const auto read = read_public_area(area);
  return read ? exchange.vault.find_shown(read->half) : nullptr;
}

/// The public area that the caller gives is the one that it was shown: the TPM knows another.
Bytes with_real_area(Exchange& exchange) {
  const tpm::Parameters& asked = exchange.wire.asked();
  const OwnKey* key = find_given(exchange, asked.octets(kGivenArea));
  if (key == nullptr) return unchanged(exchange.wire);
  return replace_field(asked, *asked.find(kGivenArea),
                       with_half(asked.octets(kGivenArea), key->real));
}

/// The Name in the answer to TPM2_Load becomes that of the area that the caller gave.
void load(Exchange& exchange) {
  const ByteView given = exchange.wire.asked().octets(kGivenArea);
  const OwnKey* key = find_given(exchange, given);
  if (key == nullptr || exchange.wire.success() == nullptr || is_encrypted(exchange.wire)) return;
  const Bytes name = tpm::name_of(given);
  exchange.book.show_as(tpm::name_of(with_half(given, key->real)), name);
  put(exchange, "name.buffer", name);
}

const OwnKey* substituted_of(Exchange& exchange) {
  const auto& request = exchange.wire.request();
  const bool has_handle = request && !request->handles.empty();
  const OwnKey* key = has_handle ? exchange.vault.find(request->handles.front()) : nullptr;
  return key != nullptr && key->is_substituted() ? key : nullptr;
}

/// The key that TPM2_RSA_Decrypt is done with here; null if the TPM does it: with any padding, as
/// it takes that off itself.
const RsaPrivate* decrypting_key(Exchange& exchange) {
  if (exchange.wire.asked().value("inScheme.scheme") != alg::kNull) return nullptr;
  if (is_encrypted(exchange.wire)) return nullptr;
  const OwnKey* key = substituted_of(exchange);
  return key == nullptr ? nullptr : std::get_if<RsaPrivate>(&key->secret);
}

/// TPM2_RSA_Decrypt of a number that the TPM's own key takes where the shown one takes the
/// caller's, and else of one that no key takes.
Bytes with_neutral_cipher(Exchange& exchange) {
  const tpm::Parameters& asked = exchange.wire.asked();
  const WireField* field = asked.find(kCipher);
  const RsaPrivate* key = decrypting_key(exchange);
  if (key == nullptr || field == nullptr || field->size == 0) return unchanged(exchange.wire);
  const BigNumber cipher = number(asked.octets(*field));
  if (BN_cmp(cipher.get(), key->modulus.get()) >= 0) {
    return replace_field(asked, *field, Bytes(field->size, UINT8_MAX));
  }
  Bytes one(field->size);
  one.back() = 1;
  return replace_field(asked, *field, one);
}

void decrypt(Exchange& exchange) {
  const RsaPrivate* key = decrypting_key(exchange);
  if (key == nullptr) return;
  const ByteView cipher = exchange.wire.asked().octets(kCipher);
  put(exchange, "message.buffer", rsa_private_operation(*key, cipher, cipher.size()));
}

/// A signature that the caller was shown is the TPM's own again, by the key that it knows.
Bytes with_real_signature(Exchange& exchange) {
  const tpm::Parameters& asked = exchange.wire.asked();
  const WireField* field = asked.find("signature");
  if (field == nullptr || substituted_of(exchange) == nullptr) return unchanged(exchange.wire);
  const Bytes* real = exchange.vault.real_signature(asked.octets(*field));
  return real == nullptr ? unchanged(exchange.wire) : replace_field(asked, *field, *real);
}

Bytes with_real_parameters(Exchange& exchange) {
  switch (exchange.wire.code()) {
    case cc::kRsaDecrypt:
      return with_neutral_cipher(exchange);
    case cc::kVerifySignature:
      return with_real_signature(exchange);
    case cc::kLoad:
      return with_real_area(exchange);
    default:
      return unchanged(exchange.wire);
  }
}

/// The command as the TPM needs it, which has other keys and Names than the caller knows.
Bytes for_tpm(Exchange& exchange) {
  Bytes changed = with_real_parameters(exchange);
  if (has_passwords_only(exchange.wire)) return changed;
  return exchange.book.authorize_command(exchange.wire, std::move(changed));
}

/// The answer as the caller expects it of the key that it was shown.
Expected<void> as_shown(const SubstituteKey& effect, Exchange& exchange) {
  switch (exchange.wire.code()) {
    case cc::kCreate:
    case cc::kCreatePrimary:
    case cc::kCreateLoaded:
      return create(effect, exchange);
    case cc::kReadPublic:
      read_public(exchange);
      break;
    case cc::kLoad:
      load(exchange);
      break;
    case cc::kSign:
      sign_as_shown(exchange);
      break;
    case cc::kRsaDecrypt:
      decrypt(exchange);
      break;
    default:
      break;
  }
  return {};
}

}  // namespace

Expected<void> apply(const SubstituteKey& effect, Exchange& exchange) {
  auto passed =
      exchange.vault.empty() ? exchange.pass_on() : exchange.pass_on_instead(for_tpm(exchange));
  return passed ? as_shown(effect, exchange) : passed;
}

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
