// SPDX-License-Identifier: BSD-2-Clause
#include "suites/unit/probes/verify_recorded.h"

#include <gtest/gtest.h>

#include "probes/verify/curves.h"
#include "probes/verify/ecc.h"
#include "probes/verify/public_key.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

struct Recorded {
  tpm::PublicKey key;
  tpm::Signature signature;
  Bytes digest;
  tpm::Commitment commitment;
};

Recorded read(const RecordedSignature& row) {
  Recorded read;
  read.key.curve = row.curve;
  read.key.x = unhex(row.x);
  read.key.y = unhex(row.y);
  read.signature.algorithm = row.scheme;
  read.signature.hash = row.hash;
  read.signature.r = unhex(row.r);
  read.signature.s = unhex(row.s);
  read.digest = tpm::digest(row.hash, octets_of("tpmprobe"));
  read.commitment.x = unhex(row.ex);
  read.commitment.y = unhex(row.ey);
  return read;
}

VerifyOutcome verify(const Recorded& given) {
  return verify_signature(given.key, given.signature, given.digest, &given.commitment);
}

std::string title(const testing::TestParamInfo<RecordedSignature>& info) {
  return std::string(find_curve(info.param.curve)->name->name) + "_" +
         std::to_string(info.param.scheme) + "_" + std::to_string(info.param.hash);
}

class SignaturesOfLibtpms : public testing::TestWithParam<RecordedSignature> {};
INSTANTIATE_TEST_SUITE_P(All, SignaturesOfLibtpms, testing::ValuesIn(kRecordedSignatures), title);

TEST_P(SignaturesOfLibtpms, AreValidAndInShape) {
  const VerifyOutcome outcome = verify(read(GetParam()));
  EXPECT_TRUE(outcome.valid) << outcome.why;
  EXPECT_EQ(outcome.shape_defect, "");
}

TEST_P(SignaturesOfLibtpms, AreRefusedOnceAnyPartIsTampered) {
  const auto refuses = [](auto spoil) {
    Recorded recorded = read(GetParam());
    spoil(recorded);
    return !verify(recorded).valid;
  };
  EXPECT_TRUE(refuses([](Recorded& of) { of.digest[0] ^= 0x80; }));
  EXPECT_TRUE(refuses([](Recorded& of) { of.signature.r = tampered(of.signature.r); }));
  EXPECT_TRUE(refuses([](Recorded& of) { of.signature.s = tampered(of.signature.s); }));
  EXPECT_TRUE(refuses([](Recorded& of) { of.key.y = tampered(of.key.y); }));
}

bool equation_holds(const Recorded& recorded, ByteView digested) {
  const Curve& curve = *find_curve(recorded.key.curve);
  const auto key = decode_point(curve, recorded.key.x, recorded.key.y);
  const auto r = openssl::big_number(recorded.signature.r);
  const auto s = openssl::big_number(recorded.signature.s);
  const equations::Claim claim{curve, key.get(), r.get(), s.get()};
  return recorded.signature.algorithm == alg::kSm2 ? equations::sm2_holds(claim, digested)
                                                   : equations::ecdsa_holds(claim, digested);
}

TEST(Equations, HoldAlsoWhereEvpHasTheScheme) {
  int checked = 0;
  for (const RecordedSignature& row : kRecordedSignatures) {
    if (row.scheme != alg::kEcdsa && row.scheme != alg::kSm2) continue;
    const Recorded recorded = read(row);
    EXPECT_TRUE(equation_holds(recorded, recorded.digest)) << row.curve;
    EXPECT_FALSE(equation_holds(recorded, Bytes(recorded.digest.size(), 0x11))) << row.curve;
    ++checked;
  }
  EXPECT_GT(checked, 8);
}

Recorded recorded_ecdaa() {
  for (const RecordedSignature& row : kRecordedSignatures) {
    if (row.scheme == alg::kEcdaa && row.curve == curve::kNistP256) return read(row);
  }
  return {};
}

TEST(VerifyEcdaa, TakesTheNonceWithoutItsLeadingZeroAsItIs) {
  Recorded recorded = recorded_ecdaa();
  ASSERT_EQ(recorded.signature.r.size(), 31U);
  EXPECT_EQ(verify(recorded).shape_defect, "");
  recorded.signature.r.insert(recorded.signature.r.begin(), 0);
  EXPECT_FALSE(verify(recorded).valid) << "the octets of the nonce are what was hashed";
}

TEST(VerifyEcdaa, NoticesAComponentThatIsTooLong) {
  Recorded recorded = recorded_ecdaa();
  recorded.signature.s.insert(recorded.signature.s.begin(), 0);
  EXPECT_TRUE(verify(recorded).valid);
  EXPECT_EQ(verify(recorded).shape_defect, "s has 33 bytes, the group order 32");
}

TEST(VerifyEcdaa, RefusesAnotherCommitment) {
  Recorded recorded = recorded_ecdaa();
  recorded.commitment.x = recorded.key.x;
  recorded.commitment.y = recorded.key.y;
  EXPECT_FALSE(verify(recorded).valid);
  recorded.commitment.y = tampered(recorded.commitment.y);
  EXPECT_EQ(verify(recorded).why, "the point of the commitment is not on the curve");
}

TEST(VerifyEcdaa, CannotTellWithoutTheCommitment) {
  const Recorded recorded = recorded_ecdaa();
  const auto outcome = verify_signature(recorded.key, recorded.signature, recorded.digest);
  EXPECT_FALSE(outcome.checked);
  EXPECT_FALSE(outcome.valid);
}

}  // namespace
}  // namespace tpmprobe::probes
