// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "suites/emulator/hmac_session.h"
#include "suites/emulator/key_support.h"

/// Signatures that are made otherwise than a sound TPM makes them, by keys whose private half the
/// emulator knows.
namespace tpmprobe::suites {
namespace {

using emulator::NonceShape;
using emulator::ReSignEcc;
using emulator::ReSignPss;
using emulator::SaltShape;

class QuirkKeySignatures : public KeyTest {
 protected:
  /// TPM2_LoadExternal of both halves in plain.
  Bytes load_external(const Bytes& type, const Bytes& plain_half, const Bytes& area) {
    const Bytes sensitive = join({type, hex("0000 0000"), sized(plain_half)});
    const Bytes response = send(
        command_of(kLoadExternal, {}, {}, join({sized(sensitive), sized(area), hex("40000007")})));
    EXPECT_EQ(knowledge::response_code(response), 0U);
    return handle_in(response);
  }
  /// The P-256 key of the scalar `secret`.
  Bytes load_ecc() {
    point = ecc_point(secret);
    return load_external(hex("0023"), secret, ecc_area());
  }
  Bytes ecc_area() const {
    return join({hex("0023 000b 00040440 0000 0010 0010 0003 0010"), sized(point.first),
                 sized(point.second)});
  }
  Bytes load_rsa() {
    const Pkey key(EVP_RSA_gen(2048));
    const auto number = [&](const char* name, std::size_t size) {
      BIGNUM* value = nullptr;
      EVP_PKEY_get_bn_param(key.get(), name, &value);
      return padded(Number(value).get(), size);
    };
    modulus = number(OSSL_PKEY_PARAM_RSA_N, 256);
    return load_external(
        hex("0001"), number(OSSL_PKEY_PARAM_RSA_FACTOR1, 128),
        join({hex("0001 000b 00040440 0000 0010 0010 0800 00000000"), sized(modulus)}));
  }
  /// r and s.
  std::pair<Bytes, Bytes> sign_ecc(const Bytes& key, std::string_view scheme,
                                   const std::string& member) {
    const Bytes command = sign_command(key, kDigest, scheme);
    const Bytes response = send(command);
    return {field_of(command, response, "signature.signature." + member + ".signatureR.buffer"),
            field_of(command, response, "signature.signature." + member + ".signatureS.buffer")};
  }
  /// The secret number of an ECDSA signature that verifies: (h + r d) / s.
  Number ecdsa_nonce(const Bytes& key) {
    const auto [r, s] = sign_ecc(key, "0018 000b", "ecdsa");
    EXPECT_EQ(r.size(), 32U);
    EXPECT_EQ(s.size(), 32U);
    EXPECT_TRUE(ecdsa_verifies(point.first, point.second, r, s, kDigest));
    const NumberContext context(BN_CTX_new());
    const Number n = p256_order();
    Number k(BN_new());
    BN_mod_mul(k.get(), big(r).get(), big(secret).get(), n.get(), context.get());
    BN_mod_add(k.get(), k.get(), big(kDigest).get(), n.get(), context.get());
    const Number inverse(BN_mod_inverse(nullptr, big(s).get(), n.get(), context.get()));
    BN_mod_mul(k.get(), k.get(), inverse.get(), n.get(), context.get());
    return k;
  }
  static std::uint32_t low_bits(const Number& number) {
    return static_cast<std::uint32_t>(tpm::header::load(padded(number.get(), 32), 28, 4));
  }

  const Bytes secret = hex("1122334455667788 99aabbccddeeff00 0102030405060708 090a0b0c0d0e0f10");
  std::pair<Bytes, Bytes> point;
  Bytes modulus;
};

TEST_F(QuirkKeySignatures, EcdsaNoncesCanHaveFixedLowBits) {
  build({{{}, ReSignEcc{NonceShape::low_bits_fixed, 32}}});
  const Bytes key = load_ecc();
  const Number first = ecdsa_nonce(key);
  const Number second = ecdsa_nonce(key);
  EXPECT_EQ(low_bits(first), 1U);
  EXPECT_EQ(low_bits(second), 1U);
  EXPECT_NE(BN_cmp(first.get(), second.get()), 0);
  EXPECT_GT(BN_num_bits(first.get()), 200);
}

TEST_F(QuirkKeySignatures, EcdsaNoncesCanBeShort) {
  build({{{}, ReSignEcc{NonceShape::short_number, 64}}});
  const Bytes key = load_ecc();
  EXPECT_LE(BN_num_bits(ecdsa_nonce(key).get()), 64);
  EXPECT_NE(low_bits(ecdsa_nonce(key)), low_bits(ecdsa_nonce(key)));
}

TEST_F(QuirkKeySignatures, EcschnorrNoncesAreLikeThoseOfEcdsa) {
  build({{{}, ReSignEcc{NonceShape::short_number, 64}}});
  const auto [r, s] = sign_ecc(load_ecc(), "001c 000b", "ecschnorr");
  // k = s - r d, and r is the hash of the x coordinate of k G and the digest.
  const NumberContext context(BN_CTX_new());
  const Number n = p256_order();
  const Number k(BN_new());
  BN_mod_mul(k.get(), big(r).get(), big(secret).get(), n.get(), context.get());
  BN_mod_sub(k.get(), big(s).get(), k.get(), n.get(), context.get());
  EXPECT_LE(BN_num_bits(k.get()), 64);
  const Bytes x = ecc_point(padded(k.get(), 32)).first;
  const Number expected = big(sha256(join({x, kDigest})));
  BN_nnmod(expected.get(), expected.get(), n.get(), context.get());
  EXPECT_EQ(padded(expected.get(), 32), r);
}

TEST_F(QuirkKeySignatures, KeysThatOnlyTheTpmKnowsSignAsEver) {
  build({{{}, ReSignEcc{NonceShape::short_number, 64}}});
  const Blob blob = create(hex("0023 000b 00040460 0000 0010 0010 0003 0010 0000 0000"));
  const auto [r, s] = sign_ecc(load(blob).handle, "0018 000b", "ecdsa");
  EXPECT_TRUE(ecdsa_verifies(area_field(blob.area, "unique.ecc.x.buffer"),
                             area_field(blob.area, "unique.ecc.y.buffer"), r, s, kDigest));
}

TEST_F(QuirkKeySignatures, DigestsThatAreEncryptedAreSignedByTheTpm) {
  build({{{}, ReSignEcc{NonceShape::short_number, 64}}});
  const Bytes key = load_ecc();
  const Bytes name = name_by_openssl(ecc_area());
  const HmacSession session(send(HmacSession::start_command()));
  constexpr std::uint8_t kDecrypt = 0x21;
  const Bytes parameters =
      join({sized(session.encrypt(kDigest)), hex("0018 000b 8024 40000007 0000")});
  const Bytes command =
      command_of(kSign, key, session.area(kSign, name, parameters, kDecrypt), parameters);
  const Bytes sent = command;
  const Bytes response = send(sent);
  EXPECT_EQ(sent, command) << "the TPM decrypts a copy";
  EXPECT_TRUE(ecdsa_verifies(
      point.first, point.second,
      field_of(command, response, "signature.signature.ecdsa.signatureR.buffer"),
      field_of(command, response, "signature.signature.ecdsa.signatureS.buffer"), kDigest));
}

TEST_F(QuirkKeySignatures, PssSaltsCanBeOfMaximumLength) {
  build({{{.commands = {kSign}}, ReSignPss{SaltShape::maximum}},
         {{}, emulator::SubstituteKey{1, emulator::KeyShape::sound}}});
  const Blob blob = create(rsa_template(2048));
  const Loaded key = load(blob);
  const Pkey judge = rsa_key(modulus_of(blob.area));
  EXPECT_TRUE(verifies(judge.get(), sign_rsapss(key.handle), kDigest, 222));
  EXPECT_TRUE(verifies(judge.get(), sign_rsassa(key.handle), kDigest)) << "RSASSA has no salt";
}

TEST_F(QuirkKeySignatures, PssSaltsCanBeEmpty) {
  build({{{}, ReSignPss{SaltShape::empty}}});
  const Bytes key = load_rsa();
  EXPECT_TRUE(verifies(rsa_key(modulus).get(), sign_rsapss(key), kDigest, 0));
  EXPECT_EQ(sign_rsapss(key), sign_rsapss(key));
}

TEST_F(QuirkKeySignatures, PssSaltsCanBeConstant) {
  build({{{}, ReSignPss{SaltShape::constant}}});
  const Bytes key = load_rsa();
  EXPECT_TRUE(verifies(rsa_key(modulus).get(), sign_rsapss(key), kDigest, 32));
  EXPECT_EQ(sign_rsapss(key), sign_rsapss(key));
}

TEST_F(QuirkKeySignatures, SaltsOfSubstitutedKeysAreRandomByThemselves) {
  build({{{}, emulator::SubstituteKey{1, emulator::KeyShape::sound}}});
  const Loaded key = load(create(rsa_template(1024)));
  EXPECT_NE(sign_rsapss(key.handle), sign_rsapss(key.handle));
}

}  // namespace
}  // namespace tpmprobe::suites
