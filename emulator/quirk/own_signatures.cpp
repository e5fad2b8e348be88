// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/own_signatures.h"

#include <algorithm>

#include <openssl/rand.h>

#include "emulator/authorization/session_book.h"
#include "tpm/digest.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::size_t kOctetBits = 8;
constexpr std::size_t kCounterSize = 4;
constexpr std::size_t kZerosInFront = 8;    // of M' (RFC 8017, 9.1.1)
constexpr std::size_t kFirstPadding = 2;    // behind 00 01 (RFC 8017, 9.2)
constexpr std::size_t kFixedOfEncoded = 2;  // 01 in front of the salt, BC at the end
constexpr std::uint8_t kEndOfEncoded = 0xbc;
constexpr std::uint8_t kConstantSalt = 0xa5;

void append(Bytes& to, ByteView octets) {
  to.insert(to.end(), octets.begin(), octets.end());
}

/// MGF1 (RFC 8017, B.2.1) of `seed`, added to `data`.
void mask(std::uint16_t hash, ByteView seed, Bytes& data) {
  Bytes stream;
  Bytes input(seed.begin(), seed.end());
  input.resize(seed.size() + kCounterSize);
  for (std::uint32_t counter = 0; stream.size() < data.size(); ++counter) {
    tpm::header::store(input, seed.size(), kCounterSize, counter);
    append(stream, tpm::digest(hash, input));
  }
  for (std::size_t at = 0; at < data.size(); ++at) data[at] ^= stream[at];
}

Bytes make_salt(std::optional<SaltShape> shape, std::size_t digest_size, std::size_t room) {
  if (shape == SaltShape::empty) return {};
  const std::size_t size = shape == SaltShape::maximum ? room : std::min(digest_size, room);
  Bytes salt(size, kConstantSalt);
  if (shape != SaltShape::constant) RAND_bytes(salt.data(), static_cast<int>(salt.size()));
  return salt;
}

/// EMSA-PSS-ENCODE (RFC 8017, 9.1.1); empty if the digest does not fit.
Bytes encode_pss(const ToSign& what, std::optional<SaltShape> shape, int bits) {
  const std::size_t size = octets_for(bits);
  const std::size_t hashed = tpm::digest(what.hash, {}).size();
  if (hashed == 0 || hashed != what.digest.size() || size < hashed + kFixedOfEncoded) return {};
  const Bytes salt = make_salt(shape, hashed, size - hashed - kFixedOfEncoded);
  Bytes message(kZerosInFront);
  append(message, what.digest);
  append(message, salt);
  const Bytes seed = tpm::digest(what.hash, message);
  Bytes block(size - hashed - 1 - salt.size());
  block.back() = 1;
  append(block, salt);
  mask(what.hash, seed, block);
  block.front() &=
      static_cast<std::uint8_t>(0xffU >> (size * kOctetBits - static_cast<std::size_t>(bits)));
  append(block, seed);
  block.push_back(kEndOfEncoded);
  return block;
}

/// A number below `order` and not 0, of the shape wanted; null if OpenSSL fails.
BigNumber make_nonce(const std::optional<ReSignEcc>& wanted, const BIGNUM* order) {
  const int most = BN_num_bits(order) - 1;
  const int bits = wanted ? std::clamp(static_cast<int>(wanted->bits), 1, most) : most;
  BigNumber nonce = number();
  while (BN_is_zero(nonce.get()) != 0 || BN_cmp(nonce.get(), order) >= 0) {
    if (wanted && wanted->nonce == NonceShape::short_number) {
      if (BN_rand(nonce.get(), bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1) return nullptr;
      continue;
    }
    if (BN_rand_range(nonce.get(), order) != 1) return nullptr;
    if (!wanted) continue;
    BN_rshift(nonce.get(), nonce.get(), bits);
    BN_lshift(nonce.get(), nonce.get(), bits);
    BN_add_word(nonce.get(), 1);
  }
  return nonce;
}

/// The x coordinate of the nonce times the generator; null if OpenSSL fails.
BigNumber commitment(const EC_GROUP* curve, const BIGNUM* nonce) {
  const EcPoint point(EC_POINT_new(curve));
  BigNumber x = number();
  if (EC_POINT_mul(curve, point.get(), nonce, nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_get_affine_coordinates(curve, point.get(), x.get(), nullptr, nullptr) != 1) {
    return nullptr;
  }
  return x;
}

/// The leftmost bits of the digest, as many as the order has.
BigNumber leftmost(ByteView digest, const BIGNUM* order) {
  BigNumber value = number(digest);
  const int excess = static_cast<int>(digest.size() * kOctetBits) - BN_num_bits(order);
  if (excess > 0) BN_rshift(value.get(), value.get(), excess);
  return value;
}

std::optional<EccSignature> signature(const BIGNUM* order, const BIGNUM* r, const BIGNUM* s) {
  if (BN_is_zero(r) != 0 || BN_is_zero(s) != 0) return std::nullopt;
  const std::size_t size = octets_for(BN_num_bits(order));
  return EccSignature{octets_of(r, size), octets_of(s, size)};
}

}  // namespace

Bytes rsa_private_operation(const RsaPrivate& key, ByteView value, std::size_t size) {
  const BigNumber base = number(value);
  if (BN_cmp(base.get(), key.modulus.get()) >= 0) return {};
  const BigNumberContext context(BN_CTX_new());
  const BigNumber result = number();
  BN_mod_exp(result.get(), base.get(), key.secret.get(), key.modulus.get(), context.get());
  return octets_of(result.get(), size);
}

Bytes rsa_public_operation(const PublicHalf& key, ByteView signature) {
  const BigNumberContext context(BN_CTX_new());
  const BigNumber result = number();
  BN_mod_exp(result.get(), number(signature).get(), number(key.public_exponent()).get(),
             number(key.unique).get(), context.get());
  return octets_of(result.get(), key.unique.size());
}

Bytes refitted(const RsaPrivate& key, Bytes encoded) {
  const auto size = static_cast<std::size_t>(BN_num_bytes(key.modulus.get()));
  if (size >= encoded.size()) return encoded;
  const auto padding = encoded.begin() + kFirstPadding;
  encoded.erase(padding, padding + static_cast<std::ptrdiff_t>(encoded.size() - size));
  return encoded;
}

Bytes sign_pss(const RsaPrivate& key, const ToSign& what, std::optional<SaltShape> shape,
               std::size_t size) {
  const Bytes encoded = encode_pss(what, shape, BN_num_bits(key.modulus.get()) - 1);
  return encoded.empty() ? encoded : rsa_private_operation(key, encoded, size);
}

std::optional<EccSignature> sign_ecdsa(const EccPrivate& key, const ToSign& what,
                                       const std::optional<ReSignEcc>& nonce) {
  const BIGNUM* order = EC_GROUP_get0_order(key.curve.get());
  const BigNumberContext context(BN_CTX_new());
  const BigNumber k = make_nonce(nonce, order);
  const BigNumber r = k == nullptr ? nullptr : commitment(key.curve.get(), k.get());
  if (r == nullptr) return std::nullopt;
  BN_nnmod(r.get(), r.get(), order, context.get());
  // s = (e + r d) / k
  const BigNumber s = number();
  BN_mod_mul(s.get(), r.get(), key.secret.get(), order, context.get());
  BN_mod_add(s.get(), s.get(), leftmost(what.digest, order).get(), order, context.get());
  const BigNumber inverse(BN_mod_inverse(nullptr, k.get(), order, context.get()));
  BN_mod_mul(s.get(), s.get(), inverse.get(), order, context.get());
  return signature(order, r.get(), s.get());
}

std::optional<EccSignature> sign_ecschnorr(const EccPrivate& key, const ToSign& what,
                                           const std::optional<ReSignEcc>& nonce) {
  const BIGNUM* order = EC_GROUP_get0_order(key.curve.get());
  const BigNumberContext context(BN_CTX_new());
  const BigNumber k = make_nonce(nonce, order);
  const BigNumber x = k == nullptr ? nullptr : commitment(key.curve.get(), k.get());
  if (x == nullptr) return std::nullopt;
  Bytes message = octets_of(x.get(), octets_for(EC_GROUP_get_degree(key.curve.get())));
  append(message, what.digest);
  Bytes hashed = tpm::digest(what.hash, message);
  hashed.resize(std::min(hashed.size(), octets_for(BN_num_bits(order))));
  const BigNumber r = number(hashed);
  BN_nnmod(r.get(), r.get(), order, context.get());
  // s = k + r d
  const BigNumber s = number();
  BN_mod_mul(s.get(), r.get(), key.secret.get(), order, context.get());
  BN_mod_add(s.get(), s.get(), k.get(), order, context.get());
  return signature(order, r.get(), s.get());
}

}  // namespace tpmprobe::emulator
