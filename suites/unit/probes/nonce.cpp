// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/nonce.h"

#include <array>

#include <gtest/gtest.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/evidence.h"
#include "probes/families/known_key_data.h"
#include "suites/unit/probes/verify_support.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace evidence = knowledge::evidence;
using openssl::big_number;
using openssl::BigNumber;

const Curve& p256() {
  return *find_curve(knowledge::curve::kNistP256);
}

/// One signature of RFC 6979, A.2.5 with SHA-256.
struct Vector {
  const char* message;
  const char *k, *r, *s;
};
constexpr std::array kVectors{
    Vector{"sample", "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60",
           "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
           "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    Vector{"test", "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0",
           "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
           "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"}};

tpm::Signature signature_of(const Vector& vector) {
  tpm::Signature signature;
  signature.algorithm = alg::kEcdsa;
  signature.hash = alg::kSha256;
  signature.r = unhex(vector.r);
  signature.s = unhex(vector.s);
  return signature;
}

Bytes digest_of(const Vector& vector) {
  return tpm::digest(alg::kSha256, octets_of(vector.message));
}

TEST(EcdsaNonce, IsTheOneOfRfc6979) {
  const tpm::ExternalKey known = known_p256();
  for (const Vector& vector : kVectors) {
    const auto signature = signature_of(vector);
    EXPECT_TRUE(verify_signature(known.key, signature, digest_of(vector)).valid);
    const BigNumber k =
        ecdsa_nonce(p256(), big_number(known.secret).get(), signature, digest_of(vector));
    ASSERT_NE(k, nullptr);
    EXPECT_EQ(BN_cmp(k.get(), big_number(vector.k).get()), 0) << vector.message;
  }
}

TEST(EcdsaNonce, IsNotThereForWhatNoSignatureHas) {
  const BigNumber secret = big_number(known_p256().secret);
  auto signature = signature_of(kVectors[0]);
  EXPECT_EQ(ecdsa_nonce(p256(), secret.get(), signature, Bytes(48, 1)), nullptr);
  signature.s.clear();
  EXPECT_EQ(ecdsa_nonce(p256(), secret.get(), signature, digest_of(kVectors[0])), nullptr);
}

/// Numbers that look like random ones: digests of their places.
std::vector<BigNumber> good_nonces(int count) {
  std::vector<BigNumber> nonces;
  for (int i = 0; i < count; ++i) {
    nonces.push_back(big_number(tpm::digest(alg::kSha256, octets_of(std::to_string(i)))));
    BN_mask_bits(nonces.back().get(), 255);
  }
  return nonces;
}

/// The numbers with these lowest 32 bits.
std::vector<BigNumber> ending_with(BN_ULONG low, std::vector<BigNumber> nonces) {
  for (BigNumber& nonce : nonces) {
    BN_rshift(nonce.get(), nonce.get(), 32);
    BN_lshift(nonce.get(), nonce.get(), 32);
    BN_add_word(nonce.get(), low);
  }
  return nonces;
}

std::vector<BigNumber> cut_to(int bits, std::vector<BigNumber> nonces) {
  for (BigNumber& nonce : nonces) BN_mask_bits(nonce.get(), bits);
  return nonces;
}

/// What a signer makes of them who keeps s small.
std::vector<BigNumber> turned_over(std::vector<BigNumber> nonces) {
  for (std::size_t i = 0; i < nonces.size(); i += 2) {
    BN_sub(nonces[i].get(), p256().order(), nonces[i].get());
  }
  return nonces;
}

TEST(NonceEvidence, HasNothingAgainstGoodNumbers) {
  EXPECT_EQ(nonce_evidence(p256(), good_nonces(4)), "");
  EXPECT_EQ(nonce_evidence(p256(), turned_over(good_nonces(4))), "");
}

TEST(NonceEvidence, SeesFixedLowBitsWhateverTheSignOfS) {
  for (const BN_ULONG low : {0UL, 1UL, 0xdeadbeefUL}) {
    EXPECT_EQ(nonce_evidence(p256(), ending_with(low, good_nonces(4))), evidence::kNonceLowBits);
    EXPECT_EQ(nonce_evidence(p256(), turned_over(ending_with(low, good_nonces(4)))),
              evidence::kNonceLowBits);
  }
}

TEST(NonceEvidence, TakesOneThatEndsOtherwiseForProofThatNothingIsFixed) {
  auto nonces = ending_with(1, good_nonces(4));
  BN_add_word(nonces[3].get(), 1);
  EXPECT_EQ(nonce_evidence(p256(), nonces), "");
}

TEST(NonceEvidence, SeesShortNumbersWhateverTheSignOfS) {
  for (const int bits : {64, 128, 223}) {
    EXPECT_EQ(nonce_evidence(p256(), cut_to(bits, good_nonces(4))), evidence::kNonceShort) << bits;
    EXPECT_EQ(nonce_evidence(p256(), turned_over(cut_to(bits, good_nonces(4)))),
              evidence::kNonceShort);
  }
  EXPECT_EQ(nonce_evidence(p256(), cut_to(240, good_nonces(4))), "");
}

TEST(NonceEvidence, CallsShortWhatIsShortAndFixedToo) {
  EXPECT_EQ(nonce_evidence(p256(), ending_with(7, cut_to(64, good_nonces(4)))),
            evidence::kNonceShort);
}

TEST(NonceEvidence, SeesTwoThatAreEqual) {
  auto nonces = good_nonces(4);
  nonces[3].reset(BN_dup(nonces[1].get()));
  EXPECT_EQ(nonce_evidence(p256(), nonces), evidence::kNonceLowBits);
  BN_sub(nonces[3].get(), p256().order(), nonces[3].get());
  EXPECT_EQ(nonce_evidence(p256(), nonces), evidence::kNonceLowBits);
}

TEST(NonceEvidence, SaysNothingOfTooFew) {
  EXPECT_EQ(nonce_evidence(p256(), {}), "");
  EXPECT_EQ(nonce_evidence(p256(), cut_to(64, good_nonces(2))), "");
}

}  // namespace
}  // namespace tpmprobe::probes
