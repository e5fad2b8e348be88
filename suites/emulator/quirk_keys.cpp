// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "suites/emulator/hmac_session.h"
#include "suites/emulator/key_support.h"

/// Keys that are the emulator's own instead of the TPM's, and everything that is done with them.
namespace tpmprobe::suites {
namespace {

using emulator::KeyShape;
using emulator::SubstituteKey;

constexpr std::uint16_t kRsa = 0x0001, kEcc = 0x0023;
constexpr std::uint32_t kSignAndDecrypt = 0x00060460;
const Bytes kEccTemplate = hex("0023 000b 00040460 0000 0010 0010 0003 0010 0000 0000");

class QuirkKeys : public KeyTest {
 protected:
  void build_with(KeyShape shape, std::uint16_t type = kRsa) {
    build({{{}, SubstituteKey{type, shape}}});
  }
  /// The modulus that a new key of this shape has.
  Bytes new_modulus(unsigned bits) { return modulus_of(create(rsa_template(bits)).area); }
  Bytes read_public(const Bytes& key, std::string_view path) {
    const Bytes command = command_of(kReadPublic, key, {}, {});
    return field_of(command, send(command), path);
  }
};

TEST_F(QuirkKeys, SignAsTheirPublicAreaSays) {
  build_with(KeyShape::sound);
  for (const unsigned bits : {1024U, 2048U}) {
    const Blob blob = create(rsa_template(bits));
    const Loaded key = load(blob);
    const Pkey judge = rsa_key(modulus_of(blob.area));
    EXPECT_EQ(EVP_PKEY_get_bits(judge.get()), static_cast<int>(bits));
    EXPECT_TRUE(verifies(judge.get(), sign_rsassa(key.handle), kDigest));
    EXPECT_TRUE(verifies(judge.get(), sign_rsapss(key.handle), kDigest, 32));
    send(command_of(kFlushContext, {}, {}, key.handle));
  }
}

TEST_F(QuirkKeys, SignEveryHashThatTheTpmHas) {
  build_with(KeyShape::sound);
  const Blob blob = create(rsa_template(2048));
  const Bytes digest(64, 0x31);
  const Bytes signature =
      sign(load(blob).handle, digest, "0014 000d", "signature.signature.rsassa.sig.buffer");
  const Pkey judge = rsa_key(modulus_of(blob.area));
  const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, judge.get(), nullptr));
  EVP_PKEY_verify_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
  EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha512());
  EXPECT_EQ(EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                            digest.size()),
            1);
}

TEST_F(QuirkKeys, HaveTheNameOfTheirPublicArea) {
  build_with(KeyShape::sound);
  const Blob blob = create(rsa_template(1024));
  const Loaded key = load(blob);
  EXPECT_EQ(key.name, name_by_openssl(blob.area));
  EXPECT_EQ(read_public(key.handle, "outPublic.publicArea"), blob.area);
  EXPECT_EQ(read_public(key.handle, "name.buffer"), key.name);
}

TEST_F(QuirkKeys, ArePrimaryOnesToo) {
  build_with(KeyShape::sound);
  const Bytes command = create_command(kCreatePrimary, hex("40000001"), rsa_template(1024));
  const Bytes response = send(command);
  const Bytes area = field_of(command, response, "outPublic.publicArea");
  EXPECT_EQ(field_of(command, response, "name.buffer"), name_by_openssl(area));
  const Bytes handle = handle_in(response);
  EXPECT_TRUE(verifies(rsa_key(modulus_of(area)).get(), sign_rsassa(handle), kDigest));
  // A primary key is the same each time (Part 1, 14.4).
  send(command_of(kFlushContext, {}, {}, handle));
  EXPECT_EQ(field_of(command, send(command), "outPublic.publicArea"), area);
}

TEST_F(QuirkKeys, SurviveSavingAndLoadingOfTheirContext) {
  build_with(KeyShape::sound);
  const Blob blob = create(rsa_template(1024));
  const Loaded key = load(blob);
  const Bytes saved = send(command_of(kContextSave, key.handle, {}, {}));
  ASSERT_EQ(knowledge::response_code(saved), 0U);
  send(command_of(kFlushContext, {}, {}, key.handle));
  const Bytes loaded =
      send(command_of(kContextLoad, {}, {}, Bytes(saved.begin() + 10, saved.end())));
  ASSERT_EQ(knowledge::response_code(loaded), 0U);
  EXPECT_EQ(read_public(handle_in(loaded), "outPublic.publicArea"), blob.area);
  EXPECT_TRUE(
      verifies(rsa_key(modulus_of(blob.area)).get(), sign_rsassa(handle_in(loaded)), kDigest));
}

TEST_F(QuirkKeys, DoTheBarePrivateKeyOperation) {
  build_with(KeyShape::sound);
  const Blob blob = create(rsa_template(1024, kSignAndDecrypt));
  const Loaded key = load(blob);
  const auto decrypt = [&](const Bytes& cipher) {
    return command_of(kRsaDecrypt, key.handle, kEmptyPassword,
                      join({sized(cipher), hex("0010 0000")}));
  };
  Bytes message(128, 0x21);
  message.front() = 0;
  const Bytes command = decrypt(message);
  const Bytes root = field_of(command, send(command), "message.buffer");
  const NumberContext context(BN_CTX_new());
  const Number result(BN_new());
  BN_mod_exp(result.get(), big(root).get(), big(integer(65537, 4)).get(),
             big(modulus_of(blob.area)).get(), context.get());
  EXPECT_EQ(padded(result.get(), message.size()), message);
}

TEST_F(QuirkKeys, RefuseWhatIsNotBelowTheirModulusAsTheTpmsOwnKeysDo) {
  build_with(KeyShape::short_modulus);
  constexpr std::uint32_t kDecryption = 0x00020460;
  const auto decrypt = [&](const Bytes& key, const Bytes& cipher) {
    return code(
        command_of(kRsaDecrypt, key, kEmptyPassword, join({sized(cipher), hex("0010 0000")})));
  };
  const Blob own = create(rsa_template(1024, kDecryption));
  const std::uint32_t refusal = decrypt(load(own).handle, Bytes(128, 0xff));
  ASSERT_NE(refusal, 0U);
  const Blob blob = create(rsa_template(1024, kSignAndDecrypt));
  const Loaded key = load(blob);
  EXPECT_EQ(decrypt(key.handle, modulus_of(blob.area)), refusal);
  EXPECT_EQ(decrypt(key.handle, Bytes(128, 0)), 0U);
}

TEST_F(QuirkKeys, AreVerifiedByTheTpmItself) {
  build({{{.commands = {kSign}}, emulator::ReSignPss{emulator::SaltShape::maximum}},
         {{}, SubstituteKey{kRsa, KeyShape::sound}}});
  const Loaded key = load(create(rsa_template(1024)));
  const auto verify = [&](const Bytes& digest, const Bytes& signature) {
    return code(command_of(kVerifySignature, key.handle, {}, join({sized(digest), signature})));
  };
  for (const char* scheme : {"0014 000b", "0016 000b"}) {
    const Bytes command = sign_command(key.handle, kDigest, scheme);
    Bytes signature = field_of(command, send(command), "signature");
    EXPECT_EQ(verify(kDigest, signature), 0U) << scheme;
    EXPECT_NE(verify(sha256({}), signature), 0U) << scheme;
    signature.back() ^= 1;
    EXPECT_NE(verify(kDigest, signature), 0U) << scheme;
  }
}

TEST_F(QuirkKeys, ARefusalIsTheTpmsOwn) {
  build_with(KeyShape::sound);
  Blob blob = create(rsa_template(1024));
  const Loaded key = load(blob);
  EXPECT_EQ(code(sign_command(key.handle, kDigest, "0018 000b")), 0x2d2U) << "TPM_RC_SCHEME";
  EXPECT_EQ(code(sign_command(key.handle, kDigest, "0014 000b", hex("40000009 0000 01 0001 31"))),
            0x9a2U)
      << "TPM_RC_BAD_AUTH, session 1";
  blob.area[5] ^= 0x04;  // noDA
  EXPECT_EQ(code(load_command(parent, blob)), 0x1dfU) << "TPM_RC_INTEGRITY, parameter 1";
}

TEST_F(QuirkKeys, OnlyOfTheTypeThatTheRuleNames) {
  build_with(KeyShape::exponent_3, kEcc);
  const Blob blob = create(rsa_template(1024));
  EXPECT_EQ(area_field(blob.area, "parameters.rsaDetail.exponent"), integer(0, 4));
  EXPECT_TRUE(
      verifies(rsa_key(modulus_of(blob.area)).get(), sign_rsassa(load(blob).handle), kDigest));
}

TEST_F(QuirkKeys, OnlyUnrestrictedSigningOnes) {
  build_with(KeyShape::exponent_3);
  constexpr std::uint32_t kRestrictedSigning = 0x00050472, kDecryption = 0x00020460;
  Bytes restricted = rsa_template(1024, kRestrictedSigning);
  restricted = join({Bytes(restricted.begin(), restricted.begin() + 12), hex("0014 000b"),
                     Bytes(restricted.begin() + 14, restricted.end())});
  for (const Bytes& area : {restricted, rsa_template(1024, kDecryption)}) {
    EXPECT_EQ(area_field(create(area).area, "parameters.rsaDetail.exponent"), integer(0, 4));
  }
}

TEST_F(QuirkKeys, WorkOnEllipticCurves) {
  build_with(KeyShape::sound, kEcc);
  const Blob blob = create(kEccTemplate);
  const Loaded key = load(blob);
  EXPECT_EQ(key.name, name_by_openssl(blob.area));
  const Bytes command = sign_command(key.handle, kDigest, "0018 000b");
  const Bytes response = send(command);
  const Bytes r = field_of(command, response, "signature.signature.ecdsa.signatureR.buffer");
  const Bytes s = field_of(command, response, "signature.signature.ecdsa.signatureS.buffer");
  EXPECT_TRUE(ecdsa_verifies(area_field(blob.area, "unique.ecc.x.buffer"),
                             area_field(blob.area, "unique.ecc.y.buffer"), r, s, kDigest));
}

TEST_F(QuirkKeys, AreAsTheTpmItselfWouldHaveThemOnAnyCurve) {
  build_with(KeyShape::sound, kEcc);
  for (const char* curve : {"0001", "0002", "0003", "0004", "0005", "0010", "0011"}) {
    const Blob blob =
        create(join({hex("0023 000b 00040460 0000 0010 0010"), hex(curve), hex("0010 0000 0000")}));
    const Loaded key = load(blob);
    const Bytes command = sign_command(key.handle, kDigest, "0018 000b");
    const Bytes signature = field_of(command, send(command), "signature");
    send(command_of(kFlushContext, {}, {}, key.handle));
    const Bytes known = send(
        command_of(kLoadExternal, {}, {}, join({hex("0000"), sized(blob.area), hex("40000001")})));
    ASSERT_EQ(knowledge::response_code(known), 0U) << curve;
    EXPECT_EQ(
        code(command_of(kVerifySignature, handle_in(known), {}, join({sized(kDigest), signature}))),
        0U)
        << curve;
    send(command_of(kFlushContext, {}, {}, handle_in(known)));
  }
}

TEST_F(QuirkKeys, CanBeCreatedAndLoadedInOne) {
  build_with(KeyShape::sound);
  const Bytes command = command_of(kCreateLoaded, parent, kEmptyPassword,
                                   join({hex("0004 0000 0000"), sized(rsa_template(1024))}));
  const Bytes response = send(command);
  const Bytes area = field_of(command, response, "outPublic.publicArea");
  EXPECT_EQ(field_of(command, response, "name.buffer"), name_by_openssl(area));
  EXPECT_TRUE(verifies(rsa_key(modulus_of(area)).get(), sign_rsassa(handle_in(response)), kDigest));
}

TEST_F(QuirkKeys, CanHaveTheExponent3) {
  build_with(KeyShape::exponent_3);
  const Blob blob = create(rsa_template(1024));
  EXPECT_EQ(area_field(blob.area, "parameters.rsaDetail.exponent"), integer(3, 4));
  const Loaded key = load(blob);
  EXPECT_EQ(key.name, name_by_openssl(blob.area));
  EXPECT_TRUE(verifies(rsa_key(modulus_of(blob.area), 3).get(), sign_rsassa(key.handle), kDigest));
}

/// Whether the value is a power of 65537 modulo this prime.
bool in_subgroup(unsigned value, unsigned prime) {
  for (unsigned power = 1, count = 0; count < prime; ++count, power = power * 65537ULL % prime) {
    if (power == value) return true;
  }
  return false;
}

bool has_roca_fingerprint(const Bytes& modulus) {
  const Number number = big(modulus);
  for (const unsigned prime :
       {3U,   5U,   7U,   11U,  13U,  17U,  19U,  23U,  29U,  31U,  37U,  41U,  43U,
        47U,  53U,  59U,  61U,  67U,  71U,  73U,  79U,  83U,  89U,  97U,  101U, 103U,
        107U, 109U, 113U, 127U, 131U, 137U, 139U, 149U, 151U, 157U, 163U, 167U}) {
    if (!in_subgroup(static_cast<unsigned>(BN_mod_word(number.get(), prime)), prime)) return false;
  }
  return true;
}

TEST_F(QuirkKeys, CanBeThoseOfRoca) {
  build_with(KeyShape::roca);
  for (const unsigned bits : {1024U, 2048U}) {
    const Blob blob = create(rsa_template(bits));
    EXPECT_TRUE(has_roca_fingerprint(modulus_of(blob.area))) << bits;
    EXPECT_EQ(BN_num_bits(big(modulus_of(blob.area)).get()), static_cast<int>(bits));
    EXPECT_TRUE(
        verifies(rsa_key(modulus_of(blob.area)).get(), sign_rsassa(load(blob).handle), kDigest));
  }
  tpm.reset();
  build_with(KeyShape::sound);
  EXPECT_FALSE(has_roca_fingerprint(new_modulus(1024)));
}

TEST_F(QuirkKeys, CanHaveAPrimeInCommon) {
  build_with(KeyShape::shared_prime);
  const Bytes first = new_modulus(1024);
  const Bytes second = new_modulus(1024);
  EXPECT_NE(first, second);
  const NumberContext context(BN_CTX_new());
  const Number common(BN_new());
  BN_gcd(common.get(), big(first).get(), big(second).get(), context.get());
  EXPECT_EQ(BN_num_bits(common.get()), 512);
}

TEST_F(QuirkKeys, CanBeShorterThanTheySay) {
  build_with(KeyShape::short_modulus);
  const Blob blob = create(rsa_template(1024));
  const Bytes modulus = modulus_of(blob.area);
  EXPECT_EQ(modulus.size(), 128U);
  EXPECT_EQ(BN_num_bits(big(modulus).get()), 960);
  const Loaded key = load(blob);
  const auto cut = [](const Bytes& octets) { return Bytes(octets.begin() + 8, octets.end()); };
  const Bytes signature = sign_rsassa(key.handle);
  ASSERT_EQ(signature.size(), 128U);
  EXPECT_TRUE(verifies(rsa_key(modulus).get(), cut(signature), kDigest));
  EXPECT_TRUE(verifies(rsa_key(modulus).get(), cut(sign_rsapss(key.handle)), kDigest, 32));
}

TEST_F(QuirkKeys, HmacSessionsSeeOneConsistentTpm) {
  build_with(KeyShape::sound);
  HmacSession session(send(HmacSession::start_command()));
  const auto run = [&](std::uint32_t what, const Bytes& handle, const Bytes& name,
                       const Bytes& parameters) {
    const Bytes command =
        command_of(what, handle, session.area(what, name, parameters), parameters);
    const Bytes response = send(command);
    EXPECT_EQ(knowledge::response_code(response), 0U) << what;
    EXPECT_TRUE(session.accepts(command, response)) << what;
    return std::pair(command, response);
  };
  const Bytes parent_name = read_public(parent, "name.buffer");
  const auto [make, made] =
      run(kCreate, parent, parent_name,
          join({hex("0004 0000 0000"), sized(rsa_template(1024)), hex("0000 00000000")}));
  const Bytes area = field_of(make, made, "outPublic.publicArea");
  const auto [load, loaded] =
      run(kLoad, parent, parent_name,
          join({sized(field_of(make, made, "outPrivate.buffer")), sized(area)}));
  const Bytes name = field_of(load, loaded, "name.buffer");
  EXPECT_EQ(name, name_by_openssl(area));
  const auto [sign, signature] = run(kSign, handle_in(loaded), name,
                                     join({sized(kDigest), hex("0014 000b 8024 40000007 0000")}));
  EXPECT_TRUE(verifies(rsa_key(modulus_of(area)).get(),
                       field_of(sign, signature, "signature.signature.rsassa.sig.buffer"),
                       kDigest));
}

}  // namespace
}  // namespace tpmprobe::suites
