// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <gtest/gtest.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/curves.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

/// A signature of the message "abc" by EC-SDSA-opt, where r = H(x || message).
struct SchnorrVector {
  tpm::CurveId curve;
  tpm::AlgId hash;
  const char* private_key;
  const char *r, *s;
  const char* shape_defect;
};

// libecc, src/tests/ec_self_tests_core.h, "ECOSDSA" test cases; the two on P-256 and P-384 are
// those of ISO/IEC 14888-3.
const SchnorrVector kVectors[] = {
    {curve::kNistP256, alg::kSha256,
     "5202a3d8acaf6909d12c9a774cd886f9fba61137ffd3e8e76aed363fb47ac492",
     "d7fb8135d8ea45e8fb3c9059f146e2630ef4bd51c4006a92edb4c8b0849963fb",
     "b46d1525379e02e232d97928265b7254ea2ed97813454388c1a08f62dccd70b3", ""},
    {curve::kNistP384, alg::kSha384,
     "7e4914fe4b617089f9fe80ad913d5530eec4f30bca1ad66e7b5aeacf29d2f567"
     "d9a8f4a4552a1a1af3e0b6d0a49dfcc8",
     "27d2f5b962a3acf6390a4718ea540da79612a60eaa15bebb00b9e1665783f7c7"
     "91ccac422cee815a9c5da3678ac8d1f0",
     "22cc89ceb9e6be8415cc14b399bc66e6f3a21e5ba38e09a6de8de670a145c0e4"
     "74d5cc88be8878f0123cc66225a1ba12",
     ""},
    {curve::kNistP521, alg::kSha512,
     "0108b94c219206b8d8921690a51576ae703d464b71bdf568f9f6709295678580"
     "55b916dbce5db56a25b7913325f514f72a22be4efb4db79e2f01b571a93f2179"
     "82c5",
     "bd54e8d7271ccc1e0addc3338a99eb945e654018056faf7ec76c0aa6b4d26289"
     "00e05c052495a0917d808514d91e4142c5ae53062431e231058db5192e3590e3",
     "00527bab84c9af15cfa7d92529dc15d21745ee048891f5e06a0665e5cb162e62"
     "2a0a62c31223cc216d8ffec33acddde50d58efe387893a5cbce2ea076e3b7ce7"
     "9500",
     "r has 64 bytes, the group order 66"},
    {curve::kBpP256R1, alg::kSha256,
     "a844225af8aeb6a7661093e544d847a0638208cfc64f6ea81cbb0dbbcf164da2",
     "c15a0ed29c393b0414aa40e51ce6452819a97f661b4f1150138fc4e69647e1a4",
     "1c269e5ed29d381ac4a0ed86e4736846a434726ab5360d3a7e2b1c440a69fede",
     "r is not below the group order"},
    {curve::kBpP384R1, alg::kSha384,
     "8427c5c6b1951a874a0002fceb8b8f46532a82ffac7278706a04e6256b0fbd6e"
     "10ab749dee3e027dc52e3c5525c01e7d",
     "f88e7c39cf98a57db16f3bea3161d58a9d90fe4ba8c07165936334990b06af5e"
     "86b1105339fdf152da289f6b4cd42043",
     "694e237ec45a83226153fd08c75edc69c0223f598bf19e8d07b0b2388ae2b779"
     "46daa2394d7ace382ac6beda216781bf",
     "r is not below the group order"},
};

tpm::PublicKey public_of(const SchnorrVector& vector) {
  const Curve& curve = *find_curve(vector.curve);
  const openssl::Point point(EC_POINT_new(curve.group.get()));
  EC_POINT_mul(curve.group.get(), point.get(), openssl::big_number(vector.private_key).get(),
               nullptr, nullptr, nullptr);
  const openssl::BigNumber x(BN_new());
  const openssl::BigNumber y(BN_new());
  EC_POINT_get_affine_coordinates(curve.group.get(), point.get(), x.get(), y.get(), nullptr);
  tpm::PublicKey key;
  key.curve = vector.curve;
  key.x = openssl::octets(x.get(), curve.field_octets);
  key.y = openssl::octets(y.get(), curve.field_octets);
  return key;
}

tpm::Signature signature_of(const SchnorrVector& vector) {
  tpm::Signature signature;
  signature.algorithm = alg::kEcschnorr;
  signature.hash = vector.hash;
  signature.r = unhex(vector.r);
  signature.s = unhex(vector.s);
  return signature;
}

TEST(VerifySchnorr, TakesTheVectorsOfIso14888AndLibecc) {
  for (const SchnorrVector& vector : kVectors) {
    const auto outcome =
        verify_signature(public_of(vector), signature_of(vector), octets_of("abc"));
    EXPECT_TRUE(outcome.valid) << find_curve(vector.curve)->name->name << ": " << outcome.why;
    EXPECT_EQ(outcome.by, "EC_POINT");
    EXPECT_EQ(outcome.shape_defect, vector.shape_defect);
  }
}

TEST(VerifySchnorr, TakesAHashReducedModuloTheOrder) {
  const SchnorrVector& vector = kVectors[3];
  auto signature = signature_of(vector);
  const BIGNUM* order = find_curve(vector.curve)->order();
  const auto reduced = openssl::big_number(signature.r);
  BN_sub(reduced.get(), reduced.get(), order);
  signature.r = openssl::octets(reduced.get(), 32);
  const auto outcome = verify_signature(public_of(vector), signature, octets_of("abc"));
  EXPECT_TRUE(outcome.valid);
  EXPECT_EQ(outcome.shape_defect, "");
}

TEST(VerifySchnorr, RefusesAnROfTheSameResidueThatIsNotTheHash) {
  const SchnorrVector& vector = kVectors[0];
  auto signature = signature_of(vector);
  const auto shifted = openssl::big_number(signature.r);
  BN_add(shifted.get(), shifted.get(), find_curve(vector.curve)->order());
  signature.r = openssl::octets(shifted.get(), 33);
  EXPECT_FALSE(verify_signature(public_of(vector), signature, octets_of("abc")).valid);
}

TEST(VerifySchnorr, RefusesEveryTamperedPart) {
  for (const SchnorrVector& vector : kVectors) {
    const auto key = public_of(vector);
    const auto good = signature_of(vector);
    auto signature = good;
    EXPECT_FALSE(verify_signature(key, good, octets_of("abd")).valid);
    signature.r = tampered(good.r);
    EXPECT_FALSE(verify_signature(key, signature, octets_of("abc")).valid);
    signature = good;
    signature.s = tampered(good.s);
    EXPECT_FALSE(verify_signature(key, signature, octets_of("abc")).valid);
    signature = good;
    signature.hash = alg::kSha1;
    EXPECT_FALSE(verify_signature(key, signature, octets_of("abc")).valid);
  }
}

}  // namespace
}  // namespace tpmprobe::probes
