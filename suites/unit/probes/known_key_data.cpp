// SPDX-License-Identifier: BSD-2-Clause
#include "probes/families/known_key_data.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/public_key.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
using openssl::big_number;
using openssl::BigNumber;

/// Inverse of the public exponent modulo (p - 1)(q - 1).
BigNumber private_exponent(const BIGNUM* n, const BIGNUM* p, const BIGNUM* e) {
  const openssl::BigNumberContext context(BN_CTX_new());
  const BigNumber q(BN_new()), rest(BN_new()), phi(BN_new()), p_less_1(BN_dup(p));
  EXPECT_EQ(BN_div(q.get(), rest.get(), n, p, context.get()), 1);
  EXPECT_EQ(BN_is_zero(rest.get()), 1);
  BN_sub_word(p_less_1.get(), 1);
  BN_sub_word(q.get(), 1);
  BN_mul(phi.get(), p_less_1.get(), q.get(), context.get());
  return BigNumber(BN_mod_inverse(nullptr, e, phi.get(), context.get()));
}

/// The key of both halves, for OpenSSL.
openssl::Key pair_of(const tpm::ExternalKey& known) {
  const BigNumber n = big_number(known.key.modulus), e(BN_new());
  BN_set_word(e.get(), known.key.exponent);
  const BigNumber d = private_exponent(n.get(), big_number(known.secret).get(), e.get());
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_D, d.get());
  const openssl::Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
  return openssl::Key(key);
}

TEST(KnownRsa2048, SignsItsMessageWithAZeroOctetInFront) {
  const tpm::ExternalKey known = known_rsa2048();
  const TestKey key{pair_of(known), known.key};
  ASSERT_NE(key.pair, nullptr);
  const Bytes digested = tpm::digest(alg::kSha256, octets_of(leading_zero_message()));
  const auto signature = sign_rsa(key, alg::kRsassa, alg::kSha256, digested);
  EXPECT_TRUE(verify_signature(known.key, signature, digested).valid);
  ASSERT_EQ(signature.rsa.size(), 256U);
  EXPECT_EQ(signature.rsa[0], 0);
}

TEST(KnownP256, HasTheHalvesOfOneKey) {
  const tpm::ExternalKey known = known_p256();
  const Curve& curve = *find_curve(known.key.curve);
  const auto shown = decode_point(curve, known.key.x, known.key.y);
  ASSERT_NE(shown, nullptr);
  const openssl::Point computed(EC_POINT_new(curve.group.get()));
  EC_POINT_mul(curve.group.get(), computed.get(), big_number(known.secret).get(), nullptr, nullptr,
               nullptr);
  EXPECT_EQ(EC_POINT_cmp(curve.group.get(), computed.get(), shown.get(), nullptr), 0);
}

TEST(NumberedMessage, IsAnotherForEachNumber) {
  EXPECT_NE(numbered_message(0), numbered_message(1));
}

}  // namespace
}  // namespace tpmprobe::probes
