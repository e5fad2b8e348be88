// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/public_key.h"
#include "probes/verify/verify.h"
#include "suites/support/waiting.h"
#include "tpm/digest.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;

/// Keys and signatures of OpenSSL's program, so that nothing of ours is on both sides.
class Pem : public ::testing::Test {
 protected:
  std::string openssl(std::vector<std::string> words) const {
    words.insert(words.begin(), "openssl");
    auto options = suites::patiently();
    options.directory = folder_.path();
    options.input = kText;
    const auto run = tpm::run_process(words, options);
    EXPECT_TRUE(run && run->status.succeeded()) << (run ? run->errors : run.error().message);
    return run ? run->output : "";
  }

  static constexpr const char* kText = "text to sign";
  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST_F(Pem, AnEccKeyAndItsSignature) {
  openssl({"ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "key"});
  const auto key = public_key_from_pem(openssl({"ec", "-in", "key", "-pubout"}));
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->curve, knowledge::curve::kNistP384);
  const auto der = openssl({"dgst", "-sha384", "-sign", "key"});
  const Bytes octets(der.begin(), der.end());
  const auto signature = ecdsa_from_der(octets, alg::kSha384);
  ASSERT_TRUE(signature) << signature.error().message;
  const std::string_view text(kText);
  const auto digest = tpm::digest(alg::kSha384, Bytes(text.begin(), text.end()));
  EXPECT_TRUE(verify_signature(*key, *signature, digest).valid);
  auto other = digest;
  other[0] ^= 1U;
  EXPECT_FALSE(verify_signature(*key, *signature, other).valid);
}

TEST_F(Pem, AnRsaKey) {
  openssl({"genrsa", "-out", "key", "2048"});
  const auto key = public_key_from_pem(openssl({"rsa", "-in", "key", "-pubout"}));
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->type, tpm::KeyTemplate::Type::rsa);
  EXPECT_EQ(key->key_bits, 2048);
  EXPECT_EQ(key->modulus.size(), 256u);
  EXPECT_EQ(key->exponent, 65537u);
}

TEST_F(Pem, WhatNoTpmHasIsRefused) {
  openssl({"ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", "key"});
  EXPECT_FALSE(public_key_from_pem(openssl({"ec", "-in", "key", "-pubout"})));
  EXPECT_FALSE(public_key_from_pem(openssl({"genpkey", "-algorithm", "ed25519"})));
  EXPECT_FALSE(public_key_from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(public_key_from_pem(""));
  EXPECT_FALSE(ecdsa_from_der(Bytes{0x30, 0x06, 0x02, 0x01}, alg::kSha256));
  EXPECT_FALSE(ecdsa_from_der({}, alg::kSha256));
}

}  // namespace
}  // namespace tpmprobe::probes
