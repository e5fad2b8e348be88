// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "knowledge/algorithm_ids.h"
#include "probes/ssh/formats.h"
#include "suites/support/not_empty.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

tpm::PublicKey rsa_key_of(Bytes modulus) {
  tpm::PublicKey key;
  key.type = tpm::KeyTemplate::Type::rsa;
  key.modulus = std::move(modulus);
  key.exponent = 65537;
  return key;
}

TEST(SshWriter, WritesTheExamplesOfRfc4251) {
  // RFC 4251, clause 5: "string" and "mpint".
  EXPECT_EQ(SshWriter().string("testing").octets(), unhex("0000000774657374696e67"));
  EXPECT_EQ(SshWriter().mpint(unhex("00")).octets(), unhex("00000000"));
  EXPECT_EQ(SshWriter().mpint(unhex("09a378f9b2e332a7")).octets(),
            unhex("0000000809a378f9b2e332a7"));
  EXPECT_EQ(SshWriter().mpint(unhex("80")).octets(), unhex("000000020080"));
}

TEST(SshWriter, MpintDropsZerosThatAreNotASign) {
  EXPECT_EQ(SshWriter().mpint({}).octets(), unhex("00000000"));
  EXPECT_EQ(SshWriter().mpint(unhex("0000007f")).octets(), unhex("000000017f"));
  EXPECT_EQ(SshWriter().mpint(unhex("000000ff")).octets(), unhex("0000000200ff"));
}

TEST(SshWriter, Base64IsThatOfRfc4648) {
  // RFC 4648, clause 10.
  EXPECT_EQ(base64({}), "");
  EXPECT_EQ(base64(octets_of("fooba")), "Zm9vYmE=");
  EXPECT_EQ(base64(octets_of("foobar")), "Zm9vYmFy");
}

TEST(SshAlgorithms, SignTheDigestOfTheirHash) {
  for (const SshAlgorithm& algorithm : suites::not_empty(ssh_algorithms())) {
    EXPECT_EQ(algorithm.digest_size, tpm::digest_size(algorithm.hash)) << algorithm.name;
  }
}

TEST(SshAlgorithms, EcdsaTakesTheHashThatTheCurveDemands) {
  // RFC 5656, 6.2.1.
  EXPECT_EQ(find_ssh_algorithm("ecdsa-sha2-nistp256")->hash, alg::kSha256);
  EXPECT_EQ(find_ssh_algorithm("ecdsa-sha2-nistp384")->hash, alg::kSha384);
  EXPECT_EQ(find_ssh_algorithm("ecdsa-sha2-nistp521")->hash, alg::kSha512);
}

TEST(SshAlgorithms, OnlyEd25519IsNotForATpm) {
  for (const SshAlgorithm& algorithm : ssh_algorithms()) {
    EXPECT_EQ(algorithm.tpm, algorithm.name != "ssh-ed25519") << algorithm.name;
  }
  EXPECT_EQ(find_ssh_algorithm("ssh-dss"), nullptr);
}

TEST(SshAlgorithms, AreFoundForAKeyByItsCurve) {
  tpm::PublicKey key;
  key.curve = curve::kNistP384;
  EXPECT_EQ(ssh_algorithm_of(key)->name, "ecdsa-sha2-nistp384");
  for (const tpm::CurveId other : {tpm::CurveId{0}, curve::kNistP224, curve::kBnP256}) {
    key.curve = other;
    EXPECT_EQ(ssh_algorithm_of(key), nullptr) << other;
  }
  EXPECT_EQ(ssh_algorithm_of(rsa_key_of({}))->key_type, "ssh-rsa");
}

TEST(SshPublicKey, OfRsaIsExponentThenModulus) {
  EXPECT_EQ(public_key_blob(rsa_key_of(unhex("c5"))),
            unhex("000000077373682d727361"  // "ssh-rsa"
                  "00000003010001"
                  "0000000200c5"));
}

TEST(SshPublicKey, OfEcdsaHasThePointUncompressedAndPadded) {
  tpm::PublicKey key;
  key.curve = curve::kNistP256;
  key.x = unhex("0102");
  key.y = Bytes(32, 0x33);
  const auto blob = public_key_blob(key);
  ASSERT_TRUE(blob);
  Bytes expected = unhex(
      "0000001365636473612d736861322d6e69737470323536"  // key type
      "000000086e69737470323536"                        // "nistp256"
      "0000004104");
  expected.resize(expected.size() + 30);
  expected.insert(expected.end(), {0x01, 0x02});
  expected.insert(expected.end(), 32, 0x33);
  EXPECT_EQ(*blob, expected);
}

TEST(SshPublicKey, WithoutAKeyTypeIsAnErrorThatNamesTheCurve) {
  tpm::PublicKey key;
  key.curve = curve::kNistP224;
  const auto line = public_key_line(key, "tpmprobe");
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message, "ssh has no key type for curve 0x0002");
}

TEST(SshPublicKey, WithAnImpossibleCoordinateIsAnError) {
  tpm::PublicKey key;
  key.curve = curve::kNistP256;
  key.x = Bytes(33, 0xFF);
  key.y = Bytes(32, 0x01);
  EXPECT_FALSE(public_key_blob(key));
}

TEST(SshSignature, OfRsaIsTheOctetsAsTheyAre) {
  tpm::Signature signature;
  signature.rsa = unhex("00ff01");
  EXPECT_EQ(signature_blob(*find_ssh_algorithm("rsa-sha2-256"), signature),
            unhex("0000000c7273612d736861322d323536"
                  "0000000300ff01"));
}

TEST(SshSignature, OfEcdsaIsTwoMpints) {
  tpm::Signature signature;
  signature.r = unhex("00007f");
  signature.s = unhex("80aa");
  EXPECT_EQ(signature_blob(*find_ssh_algorithm("ecdsa-sha2-nistp256"), signature),
            unhex("0000001365636473612d736861322d6e69737470323536"
                  "0000000c"
                  "000000017f"
                  "000000030080aa"));
}

TEST(Sshsig, SignedDataIsThatOfTheProtocol) {
  Bytes expected = unhex(
      "535348534947"      // "SSHSIG"
      "0000000466696c65"  // "file"
      "00000000"
      "00000006736861323536"  // "sha256"
      "00000020");
  const Bytes hashed = tpm::digest(alg::kSha256, octets_of("abc"));
  expected.insert(expected.end(), hashed.begin(), hashed.end());
  EXPECT_EQ(signed_data("file", SshsigHash::sha256, octets_of("abc")), expected);
}

}  // namespace
}  // namespace tpmprobe::probes
