// SPDX-License-Identifier: BSD-2-Clause
#include <string_view>
#include <utility>

#include "emulator/quirk/field_change.h"
#include "emulator/quirk/own_signatures.h"
#include "emulator/quirk/response_change.h"
#include "emulator/quirk/signature_effects.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "tpm/name.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
using knowledge::WireField;

// TPMA_OBJECT, Part 2, 8.3
constexpr std::uint32_t kRestricted = 0x00010000, kSign = 0x00040000;
constexpr std::string_view kGivenArea = "inPublic.publicArea";

/// The public area and the Name in a response are those of the key that the caller is shown.
Bytes show(Exchange& exchange, const OwnKey& key, Bytes response) {
  Bytes name;
  response = with_change(exchange, std::move(response), "outPublic.publicArea",
                         [&](const WireField&, ByteView area) {
                           Bytes shown = with_half(area, key.shown);
                           name = tpm::name_of(shown);
                           exchange.book.show_as(tpm::name_of(area), name);
                           return shown;
                         });
  return put(exchange, std::move(response), "name.buffer", name);
}

std::optional<PublicArea> shown_area(const Exchange& exchange, ByteView response) {
  const auto answer = exchange.command.split_response(response);
  if (!answer) return std::nullopt;
  return read_public_area(
      octets_at(exchange.command.fields_of(*answer), "outPublic.publicArea", response));
}

bool is_meant(const SubstituteKey& effect, const PublicArea& area) {
  return area.type == effect.type && (area.attributes & kSign) != 0 &&
         (area.attributes & kRestricted) == 0;
}

Expected<Bytes> create(const SubstituteKey& effect, Exchange& exchange, Bytes response) {
  const auto area = shown_area(exchange, response);
  if (!area || !is_meant(effect, *area)) return response;
  const OwnKey* key = exchange.vault.substitute(effect.shape, *area);
  if (key == nullptr) {
    return fail(Error::Kind::io, exchange.command.code(), "OpenSSL makes no key of this kind");
  }
  return show(exchange, *key, std::move(response));
}

Bytes read_public(Exchange& exchange, Bytes response) {
  const auto area = shown_area(exchange, response);
  const OwnKey* key = area ? exchange.vault.find_real(area->half) : nullptr;
  if (key == nullptr || !key->is_substituted()) return response;
  return show(exchange, *key, std::move(response));
}

/// The command with other octets for one of its fields.
Bytes command_with(const CommandView& command, const WireField& field, const Bytes& octets) {
  return replace_field(command.fields(), field, command.octets(), octets);
}

/// What the caller was shown of the key in this public area; null if it was shown none.
const OwnKey* find_given(const Exchange& exchange, ByteView area) {
  const auto read = read_public_area(area);
  return read ? exchange.vault.find_shown(read->half) : nullptr;
}

/// The public area that the caller gives is the one that it was shown: the TPM knows another.
Bytes with_real_area(Exchange& exchange) {
  const CommandView& command = exchange.command;
  const WireField* field = find_named(command.fields(), kGivenArea);
  const ByteView given = octets_at(command.fields(), kGivenArea, command.octets());
  const OwnKey* key = find_given(exchange, given);
  if (key == nullptr) return {command.octets().begin(), command.octets().end()};
  return command_with(command, *field, with_half(given, key->real));
}

/// The Name in the answer to TPM2_Load is that of the area that the caller gave.
Bytes load(Exchange& exchange, Bytes response) {
  const ByteView given =
      octets_at(exchange.command.fields(), kGivenArea, exchange.command.octets());
  const OwnKey* key = find_given(exchange, given);
  if (key == nullptr || !exchange.command.split_response(response)) return response;
  if (is_encrypted(exchange.command)) return response;
  const Bytes name = tpm::name_of(given);
  exchange.book.show_as(tpm::name_of(with_half(given, key->real)), name);
  return put(exchange, std::move(response), "name.buffer", name);
}

const OwnKey* substituted_of(Exchange& exchange) {
  const auto& handles = exchange.command.handles();
  const OwnKey* key = handles.empty() ? nullptr : exchange.vault.find(handles.front());
  return key != nullptr && key->is_substituted() ? key : nullptr;
}

/// The key that TPM2_RSA_Decrypt is done with here; null if the TPM does it: with any padding, as
/// it takes that off itself.
const RsaPrivate* decrypting_key(Exchange& exchange) {
  const auto& fields = exchange.command.fields();
  if (value_at(fields, "inScheme.scheme") != alg::kNull) return nullptr;
  if (is_encrypted(exchange.command)) return nullptr;
  const OwnKey* key = substituted_of(exchange);
  return key == nullptr ? nullptr : std::get_if<RsaPrivate>(&key->secret);
}

/// TPM2_RSA_Decrypt of a number that the TPM's own key takes where the shown one takes the
/// caller's, and else of one that no key takes.
Bytes with_neutral_cipher(Exchange& exchange) {
  const CommandView& command = exchange.command;
  const WireField* field = find_named(command.fields(), "cipherText.buffer");
  const RsaPrivate* key = decrypting_key(exchange);
  if (key == nullptr || field == nullptr || field->size == 0) {
    return {command.octets().begin(), command.octets().end()};
  }
  const BigNumber cipher = number(command.octets().subspan(field->offset, field->size));
  if (BN_cmp(cipher.get(), key->modulus.get()) >= 0) {
    return command_with(command, *field, Bytes(field->size, UINT8_MAX));
  }
  Bytes one(field->size);
  one.back() = 1;
  return command_with(command, *field, one);
}

Bytes decrypt(Exchange& exchange, Bytes response) {
  const RsaPrivate* key = decrypting_key(exchange);
  if (key == nullptr) return response;
  const ByteView cipher =
      octets_at(exchange.command.fields(), "cipherText.buffer", exchange.command.octets());
  return put(exchange, std::move(response), "message.buffer",
             rsa_private_operation(*key, cipher, cipher.size()));
}

/// A signature that the caller was shown is the TPM's own again, by the key that it knows.
Bytes with_real_signature(Exchange& exchange) {
  const CommandView& command = exchange.command;
  const WireField* field = find_named(command.fields(), "signature");
  Bytes unchanged(command.octets().begin(), command.octets().end());
  if (field == nullptr || substituted_of(exchange) == nullptr) return unchanged;
  const Bytes* real =
      exchange.vault.real_signature(command.octets().subspan(field->offset, field->size));
  return real == nullptr ? unchanged : command_with(command, *field, *real);
}

Bytes with_real_parameters(Exchange& exchange) {
  switch (exchange.command.code()) {
    case cc::kRsaDecrypt:
      return with_neutral_cipher(exchange);
    case cc::kVerifySignature:
      return with_real_signature(exchange);
    case cc::kLoad:
      return with_real_area(exchange);
    default:
      return {exchange.command.octets().begin(), exchange.command.octets().end()};
  }
}

/// The command as the TPM needs it, which has other keys and Names than the caller knows.
Bytes for_tpm(Exchange& exchange) {
  Bytes changed = with_real_parameters(exchange);
  if (has_passwords_only(exchange.command)) return changed;
  return exchange.book.authorize_command(exchange.command.octets(), std::move(changed));
}

}  // namespace

Expected<Bytes> apply(const SubstituteKey& effect, Exchange& exchange) {
  const bool known = !exchange.vault.empty();
  auto response = known ? exchange.next(CommandView(for_tpm(exchange))) : exchange.pass_on();
  if (!response) return response;
  switch (exchange.command.code()) {
    case cc::kCreate:
    case cc::kCreatePrimary:
    case knowledge::cc::kCreateLoaded:
      return create(effect, exchange, std::move(*response));
    case cc::kReadPublic:
      return read_public(exchange, std::move(*response));
    case cc::kLoad:
      return load(exchange, std::move(*response));
    case cc::kSign:
      return sign_as_shown(exchange, std::move(*response));
    case cc::kRsaDecrypt:
      return decrypt(exchange, std::move(*response));
    default:
      return response;
  }
}

}  // namespace tpmprobe::emulator
