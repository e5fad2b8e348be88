// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <openssl/rsa.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/rsa.h"
#include "suites/support/not_empty.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;

const Bytes kMessage = octets_of("tpmprobe");

/// The private-key operation alone, as TPM2_RSA_Decrypt without a scheme does it.
Bytes raw_rsa(const TestKey& key, const Bytes& encoded) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new(key.pair.get(), nullptr));
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING);
  Bytes signature(encoded.size());
  std::size_t size = signature.size();
  EVP_PKEY_sign(context.get(), signature.data(), &size, encoded.data(), encoded.size());
  return signature;
}

TEST(VerifyRsa, TakesWhatOpenSslSigned) {
  for (const tpm::AlgId scheme : {alg::kRsassa, alg::kRsapss}) {
    for (const tpm::HashName& hash : suites::not_empty(tpm::hash_names())) {
      if (hash.id == alg::kSm3_256) continue;  // OpenSSL does not sign with it
      const Bytes digested = tpm::digest(hash.id, kMessage);
      const auto signature = sign_rsa(shared_rsa2048(), scheme, hash.id, digested, 20);
      const auto outcome = verify_signature(shared_rsa2048().key, signature, digested);
      EXPECT_TRUE(outcome.valid) << hash.openssl << ": " << outcome.why;
      EXPECT_EQ(outcome.by, openssl::version());
      EXPECT_EQ(outcome.shape_defect, "");
    }
  }
}

TEST(VerifyRsa, TakesOtherSizes) {
  for (const unsigned bits : {1024U, 3072U}) {
    const TestKey key = make_rsa_key(bits);
    const Bytes digested = tpm::digest(alg::kSha256, kMessage);
    const auto signature = sign_rsa(key, alg::kRsassa, alg::kSha256, digested);
    EXPECT_TRUE(verify_signature(key.key, signature, digested).valid) << bits;
  }
}

TEST(VerifyRsa, TakesPkcs1OverSm3WhateverThisOpenSslThinksOfIt) {
  const Bytes digested = tpm::digest(alg::kSm3_256, kMessage);
  tpm::Signature signature;
  signature.algorithm = alg::kRsassa;
  signature.hash = alg::kSm3_256;
  signature.rsa = raw_rsa(shared_rsa2048(), pkcs1_v15_encode(alg::kSm3_256, digested, 256));
  EXPECT_TRUE(verify_signature(shared_rsa2048().key, signature, digested).valid);
  signature.rsa = tampered(signature.rsa);
  EXPECT_FALSE(verify_signature(shared_rsa2048().key, signature, digested).valid);
}

TEST(VerifyRsa, RefusesTamperedDigestSignatureKeySchemeAndHash) {
  const auto& [pair, key] = shared_rsa2048();
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  for (const tpm::AlgId scheme : {alg::kRsassa, alg::kRsapss}) {
    const auto good = sign_rsa(shared_rsa2048(), scheme, alg::kSha256, digested, 32);
    EXPECT_FALSE(verify_signature(key, good, tampered(digested)).valid);
    auto signature = good;
    signature.rsa = tampered(good.rsa);
    EXPECT_FALSE(verify_signature(key, signature, digested).valid);
    auto other_key = key;
    other_key.modulus[100] ^= 1U;
    EXPECT_FALSE(verify_signature(other_key, good, digested).valid);
    signature = good;
    signature.algorithm = scheme == alg::kRsassa ? alg::kRsapss : alg::kRsassa;
    EXPECT_FALSE(verify_signature(key, signature, digested).valid);
    signature = good;
    signature.hash = alg::kSha3_256;
    EXPECT_FALSE(verify_signature(key, signature, digested).valid);
  }
}

TEST(VerifyRsa, NoticesALeadingZeroThatIsMissingOrTooMuch) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  auto signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  signature.rsa.insert(signature.rsa.begin(), 0);
  auto outcome = verify_signature(shared_rsa2048().key, signature, digested);
  EXPECT_TRUE(outcome.valid);
  EXPECT_EQ(outcome.shape_defect, "the signature has 257 bytes, the modulus 256");

  Bytes salted = digested;
  do {  // one message in 256 has a signature that starts with a zero
    salted = tpm::digest(alg::kSha256, salted);
    signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, salted);
  } while (signature.rsa.front() != 0);
  signature.rsa.erase(signature.rsa.begin());
  outcome = verify_signature(shared_rsa2048().key, signature, salted);
  EXPECT_TRUE(outcome.valid);
  EXPECT_EQ(outcome.shape_defect, "the signature has 255 bytes, the modulus 256");
}

TEST(VerifyRsa, RefusesSignaturesOfImpossibleSize) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  auto signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  signature.rsa.insert(signature.rsa.begin(), 1);
  EXPECT_FALSE(verify_signature(shared_rsa2048().key, signature, digested).valid);
  signature.rsa.clear();
  EXPECT_FALSE(verify_signature(shared_rsa2048().key, signature, digested).valid);
  signature.rsa.assign(256, 0);
  EXPECT_FALSE(verify_signature(shared_rsa2048().key, signature, digested).valid);
}

TEST(VerifyRsa, RefusesKeysThatNoTpmMayGive) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  const auto signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  const auto why = [&](auto spoil) {
    tpm::PublicKey key = shared_rsa2048().key;
    spoil(key);
    const auto outcome = verify_signature(key, signature, digested);
    EXPECT_FALSE(outcome.valid);
    EXPECT_TRUE(outcome.checked);
    EXPECT_EQ(outcome.by, openssl::version());
    return outcome.why;
  };
  EXPECT_EQ(why([](auto& key) { key.modulus.clear(); }), "the RSA modulus is empty");
  EXPECT_EQ(why([](auto& key) { key.modulus.back() &= 0xFE; }), "the RSA modulus is even");
  EXPECT_EQ(why([](auto& key) { key.exponent = 1; }), "the RSA exponent is 1");
  EXPECT_EQ(why([](auto& key) { key.exponent = 65536; }), "the RSA exponent is 65536");
  EXPECT_EQ(why([](auto& key) { key.modulus = {0x07}; }),
            "the signature is longer than the modulus");
}

TEST(VerifyRsa, RefusesADigestThatIsNotOfTheHash) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  const auto signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  const auto outcome = verify_signature(shared_rsa2048().key, signature, Bytes(20));
  EXPECT_EQ(outcome.why, "the digest does not have the length of the hash");
}

TEST(VerifyRsa, CannotTellAboutAHashThatNobodyHas) {
  tpm::Signature signature;
  signature.algorithm = alg::kRsassa;
  signature.hash = 0x7FFF;
  signature.rsa.resize(256);
  const auto outcome = verify_signature(shared_rsa2048().key, signature, Bytes(32));
  EXPECT_FALSE(outcome.checked);
  EXPECT_FALSE(outcome.valid);
}

TEST(PssSaltLength, IsFoundWhateverItIs) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  for (const int length : {0, 1, 20, 31, 32, 33, 221, 222}) {
    const auto signature = sign_rsa(shared_rsa2048(), alg::kRsapss, alg::kSha256, digested, length);
    EXPECT_EQ(pss_salt_length(shared_rsa2048().key, signature, digested), length);
  }
}

TEST(PssSaltLength, OfAnythingElseIsNone) {
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  auto signature = sign_rsa(shared_rsa2048(), alg::kRsapss, alg::kSha256, digested, 32);
  EXPECT_FALSE(pss_salt_length(shared_rsa2048().key, signature, tampered(digested)));
  EXPECT_FALSE(pss_salt_length({}, signature, digested));
  signature = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  EXPECT_FALSE(pss_salt_length(shared_rsa2048().key, signature, digested));
}

TEST(Pkcs1Encoding, IsThatOfRfc8017) {
  // RFC 8017, 9.2, note 1: the DigestInfo of SHA-256 in front of the digest.
  Bytes expected = unhex("0001ffffffffffffffff003031300d060960864801650304020105000420");
  const Bytes digested(32, 0x5A);
  expected.insert(expected.end(), digested.begin(), digested.end());
  EXPECT_EQ(pkcs1_v15_encode(alg::kSha256, digested, expected.size()), expected);
}

TEST(Pkcs1Encoding, MakesASignatureThatOpenSslTakes) {
  for (const tpm::AlgId hash : {alg::kSha1, alg::kSha256, alg::kSha384, alg::kSha512}) {
    const Bytes digested = tpm::digest(hash, kMessage);
    const Bytes raw = raw_rsa(shared_rsa2048(), pkcs1_v15_encode(hash, digested, 256));
    EXPECT_EQ(raw, sign_rsa(shared_rsa2048(), alg::kRsassa, hash, digested).rsa) << hash;
  }
}

TEST(Pkcs1Encoding, IsEmptyIfItCannotBe) {
  EXPECT_TRUE(pkcs1_v15_encode(alg::kSha256, Bytes(20), 256).empty());
  EXPECT_TRUE(pkcs1_v15_encode(0x7FFF, Bytes(32), 256).empty());
  EXPECT_EQ(pkcs1_v15_encode(alg::kSha256, Bytes(32), 62).size(), 62U);
  EXPECT_TRUE(pkcs1_v15_encode(alg::kSha256, Bytes(32), 61).empty());
}

TEST(SignedDigest, IsWhatWasSigned) {
  for (const tpm::AlgId hash : {alg::kSha1, alg::kSha256, alg::kSha512}) {
    const Bytes digested = tpm::digest(hash, kMessage);
    const auto signature = sign_rsa(shared_rsa2048(), alg::kRsassa, hash, digested);
    EXPECT_EQ(signed_digest(shared_rsa2048().key, signature), digested);
  }
}

TEST(SignedDigest, IsNotInWhatIsNoRsassaSignatureOfThisHash) {
  const auto& key = shared_rsa2048().key;
  const Bytes digested = tpm::digest(alg::kSha256, kMessage);
  const auto good = sign_rsa(shared_rsa2048(), alg::kRsassa, alg::kSha256, digested);
  auto signature = good;
  signature.rsa = tampered(good.rsa);
  EXPECT_EQ(signed_digest(key, signature), std::nullopt);
  signature = good;
  signature.hash = alg::kSha3_256;
  EXPECT_EQ(signed_digest(key, signature), std::nullopt);
  signature.hash = alg::kNull;
  EXPECT_EQ(signed_digest(key, signature), std::nullopt);
  signature.rsa.push_back(0);
  EXPECT_EQ(signed_digest(key, signature), std::nullopt);
  const auto pss = sign_rsa(shared_rsa2048(), alg::kRsapss, alg::kSha256, digested, 32);
  EXPECT_EQ(signed_digest(key, pss), std::nullopt);
}

}  // namespace
}  // namespace tpmprobe::probes
