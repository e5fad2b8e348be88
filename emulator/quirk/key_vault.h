// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "emulator/quirk/own_key.h"
#include "emulator/quirk/quirk.h"
#include "tpm/transport/transport.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// What an RSA key to be made is like.
struct RsaTemplate {
  KeyShape shape = KeyShape::sound;
  int bits = 0;                ///< of the modulus
  std::uint32_t exponent = 0;  ///< itself, unlike in a public area
};

/// A new RSA key. Keys of shape `shared_prime` have the prime `common`, which the first of them
/// makes; all of one `common` have the same size. Nothing if OpenSSL fails, or the exponent has no
/// inverse.
std::optional<RsaPrivate> make_rsa(const RsaTemplate& wanted, BigNumber& common);

/// The key with this modulus and exponent, one of whose primes is `prime`; nothing if it is not.
std::optional<RsaPrivate> rsa_from_prime(const PublicHalf& key, ByteView prime);

/// A new key on this curve; nothing if OpenSSL fails.
std::optional<EccPrivate> make_ecc(EcGroup curve);

/// The public point, as TPMS_ECC_POINT with coordinates padded to the field.
Bytes point_of(const EccPrivate& key);

/// The keys whose private half the emulator holds. What key a handle is, `tpm` is asked: so saved
/// contexts, loaded blobs and persistent objects are found again. They are gone when this is.
class KeyVault {
 public:
  /// `tpm` outlives this.
  explicit KeyVault(tpm::Transport& tpm) : tpm_(tpm) {}

  /// Takes note of TPM2_LoadExternal with a private half in plain. Costs next to nothing for any
  /// other command.
  void learn(const tpm::WireExchange& exchange);

  /// The key of a loaded or persistent object; null if it is none of these. It stays where it is as
  /// long as this.
  [[nodiscard]] const OwnKey* find(std::uint32_t handle);

  /// The key that the TPM has with this public half; null if there is none.
  [[nodiscard]] const OwnKey* find_real(const PublicHalf& half) const;

  /// The key that the caller was shown with this public half; null if there is none.
  [[nodiscard]] const OwnKey* find_shown(const PublicHalf& half) const;

  /// The key in place of one that the TPM has, now made if it was not yet. Null if OpenSSL cannot,
  /// or the TPM does not tell the parameters of the curve.
  const OwnKey* substitute(KeyShape shape, const PublicArea& real);

  /// A TPMT_SIGNATURE that the TPM made, or that was shown before, is now shown as another. The
  /// last few hundred are kept.
  void keep_signature(const Bytes& made, Bytes shown);

  /// What the TPM made that is shown as this; null if it is not known.
  [[nodiscard]] const Bytes* real_signature(ByteView shown) const;

  [[nodiscard]] bool empty() const { return keys_.empty(); }

 private:
  /// The parameters of a TPM_ECC_CURVE as the TPM tells them; null if it does not.
  EcGroup curve_of(std::uint16_t curve);
  std::optional<OwnKey> make_rsa_for(KeyShape shape, const PublicArea& real);
  std::optional<OwnKey> make_ecc_for(const PublicArea& real);
  const OwnKey* keep(std::optional<OwnKey> key);

  tpm::Transport& tpm_;
  std::deque<OwnKey> keys_;
  struct ShownSignature {
    Bytes real, shown;
  };
  std::deque<ShownSignature> signatures_;
  std::map<unsigned, BigNumber> common_primes_;  // by the size of the modulus
};

}  // namespace tpmprobe::emulator
