// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/curves.h"
#include "suites/support/not_empty.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

struct Signed {
  TestKey key;
  Bytes digest;
  tpm::Signature signature;
};

Signed sign_on(tpm::CurveId curve, tpm::AlgId hash) {
  Signed made{make_ecc_key(curve), tpm::digest(hash, octets_of("tpmprobe")), {}};
  made.signature = sign_ecc(made.key, hash, made.digest);
  return made;
}

VerifyOutcome verify(const Signed& given) {
  return verify_signature(given.key.key, given.signature, given.digest);
}

class VerifyEccOnEveryCurve : public testing::TestWithParam<CurveName> {};

TEST_P(VerifyEccOnEveryCurve, TakesWhatOpenSslSigned) {
  const bool sm2 = GetParam().id == curve::kSm2P256;
  for (const tpm::HashName& hash : suites::not_empty(tpm::hash_names())) {
    if (sm2 && tpm::digest_size(hash.id) != 32) continue;  // OpenSSL signs SM2 over 32 octets only
    const VerifyOutcome outcome = verify(sign_on(GetParam().id, hash.id));
    EXPECT_TRUE(outcome.valid) << hash.openssl << ": " << outcome.why;
    EXPECT_EQ(outcome.by, openssl::version());
    EXPECT_EQ(outcome.shape_defect, "");
  }
}

TEST_P(VerifyEccOnEveryCurve, RefusesTamperedDigestSignatureAndKey) {
  const Signed good = sign_on(GetParam().id, alg::kSha256);
  const auto outcome_with = [&](auto spoil) {
    tpm::PublicKey key = good.key.key;
    tpm::Signature signature = good.signature;
    Bytes digested = good.digest;
    spoil(key, signature, digested);
    return verify_signature(key, signature, digested).valid;
  };
  EXPECT_FALSE(outcome_with([](auto&, auto&, auto& octets) { octets[0] ^= 0x80; }));
  EXPECT_FALSE(outcome_with([](auto&, auto& signature, auto&) { signature.r.back() ^= 1; }));
  EXPECT_FALSE(outcome_with([](auto&, auto& signature, auto&) { signature.s.back() ^= 1; }));
  EXPECT_FALSE(outcome_with([](auto&, auto& signature, auto&) { swap(signature.r, signature.s); }));
  const tpm::PublicKey other = make_ecc_key(GetParam().id).key;
  EXPECT_FALSE(outcome_with([&](auto& key, auto&, auto&) { key = other; }));
}

TEST_P(VerifyEccOnEveryCurve, RefusesComponentsOutOfRange) {
  const Signed good = sign_on(GetParam().id, alg::kSha256);
  const Curve& curve = *find_curve(GetParam().id);
  const Bytes order = openssl::octets(curve.order(), curve.order_octets);
  const Bytes impossible[] = {
      {}, {0}, Bytes(curve.order_octets), order, Bytes(curve.order_octets + 7, 0xFF)};
  for (const Bytes& component : impossible) {
    Signed spoilt{{nullptr, good.key.key}, good.digest, good.signature};
    spoilt.signature.r = component;
    EXPECT_FALSE(verify(spoilt).valid);
    spoilt.signature = good.signature;
    spoilt.signature.s = component;
    EXPECT_FALSE(verify(spoilt).valid);
    spoilt.signature.r = component;
    EXPECT_FALSE(verify(spoilt).valid);
  }
}

TEST_P(VerifyEccOnEveryCurve, RefusesAPointThatIsNotOnTheCurve) {
  const Signed good = sign_on(GetParam().id, alg::kSha256);
  for (const bool empty : {false, true}) {
    tpm::PublicKey key = good.key.key;
    key.y = empty ? Bytes{} : tampered(key.y);
    const auto outcome = verify_signature(key, good.signature, good.digest);
    EXPECT_FALSE(outcome.valid);
    EXPECT_EQ(outcome.why, "the public point is not on the curve");
    EXPECT_EQ(outcome.by, openssl::version());
  }
}

std::string curve_title(const testing::TestParamInfo<CurveName>& parameter) {
  return std::string(parameter.param.name);
}

INSTANTIATE_TEST_SUITE_P(All, VerifyEccOnEveryCurve,
                         testing::ValuesIn(curve_names().begin(), curve_names().end()),
                         curve_title);

TEST(VerifyEcc, NoticesAZeroTooMany) {
  Signed made = sign_on(curve::kNistP384, alg::kSha384);
  made.signature.r.insert(made.signature.r.begin(), 0);
  EXPECT_TRUE(verify(made).valid);
  EXPECT_EQ(verify(made).shape_defect, "r has 49 bytes, the group order 48");
  made.signature.s.insert(made.signature.s.begin(), 0);
  EXPECT_TRUE(verify(made).valid);
  EXPECT_EQ(verify(made).shape_defect,
            "r has 49 bytes, the group order 48; s has 49 bytes, the group order 48");
}

TEST(VerifyEcc, NoticesAZeroThatWasStripped) {
  Signed made = sign_on(curve::kNistP256, alg::kSha256);
  while (made.signature.s.front() != 0) {
    made.signature = sign_ecc(made.key, alg::kSha256, made.digest);
  }
  made.signature.s.erase(made.signature.s.begin());
  EXPECT_TRUE(verify(made).valid);
  EXPECT_EQ(verify(made).shape_defect, "s has 31 bytes, the group order 32");
}

TEST(VerifyEcc, TakesAKeyWhoseCoordinateLostItsLeadingZero) {
  Signed made = sign_on(curve::kNistP224, alg::kSha256);
  while (made.key.key.x.front() != 0) made = sign_on(curve::kNistP224, alg::kSha256);
  made.key.key.x.erase(made.key.key.x.begin());
  EXPECT_TRUE(verify(made).valid);
}

TEST(VerifyEcc, CannotTellAboutUnknownCurvesAndSchemes) {
  Signed made = sign_on(curve::kNistP256, alg::kSha256);
  made.key.key.curve = 0x0040;
  EXPECT_FALSE(verify(made).checked);
  EXPECT_EQ(verify(made).by, "");
  made.key.key.curve = curve::kNistP256;
  made.signature.algorithm = 0x0010;
  EXPECT_FALSE(verify(made).checked);
  made.signature.algorithm = alg::kEcschnorr;
  made.signature.hash = 0x7FFF;
  EXPECT_FALSE(verify(made).checked);
  EXPECT_EQ(verify(made).by, "");
}

TEST(VerifyEcc, RefusesASchemeThatIsNotOfTheKind) {
  Signed made = sign_on(curve::kNistP256, alg::kSha256);
  made.signature.algorithm = alg::kRsassa;
  EXPECT_EQ(verify(made).why, "an ECC key does not make RSA signatures");
  made.signature.algorithm = alg::kEcdsa;
  made.key.key.type = tpm::KeyTemplate::Type::rsa;
  EXPECT_EQ(verify(made).why, "an RSA key does not make ECC signatures");
}

TEST(VerifyEcc, LeavesNoErrorBehindInOpenSsl) {
  Signed made = sign_on(curve::kNistP256, alg::kSha256);
  made.key.key.y = tampered(made.key.key.y);
  verify(made);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace tpmprobe::probes
