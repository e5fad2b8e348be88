// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/evidence.h"
#include "probes/verify/openssl.h"
#include "probes/verify/rsa.h"

namespace tpmprobe::probes {
namespace {

namespace evidence = knowledge::evidence;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string_view> words(const tpm::PublicKey& key, unsigned bits) {
  std::vector<std::string_view> words;
  for (const KeyFault& fault : rsa_key_faults(key, bits)) words.push_back(fault.evidence);
  return words;
}

tpm::PublicKey key_of(const openssl::BigNumber& modulus, std::uint32_t exponent = 65537) {
  tpm::PublicKey key;
  key.type = tpm::KeyTemplate::Type::rsa;
  key.modulus = openssl::octets(modulus.get(), 256);
  key.exponent = exponent;
  return key;
}

/// The number of 2^2047 and this.
openssl::BigNumber modulus_of(unsigned low) {
  openssl::BigNumber modulus(BN_new());
  BN_set_bit(modulus.get(), 2047);
  BN_add_word(modulus.get(), low);
  return modulus;
}

TEST(RsaKey, IsGoodWithItsLengthAndItsExponent) {
  EXPECT_THAT(words(key_of(modulus_of(981)), 2048), IsEmpty());
}

TEST(RsaKey, HasAnotherExponentThanWasAskedFor) {
  EXPECT_THAT(words(key_of(modulus_of(981), 3), 2048), ElementsAre(evidence::kExponent));
}

TEST(RsaKey, IsShorterOrLongerThanWasAskedFor) {
  EXPECT_THAT(words(key_of(modulus_of(981)), 2049), ElementsAre(evidence::kShortModulus));
  EXPECT_THAT(words(key_of(modulus_of(981)), 2047), ElementsAre(evidence::kShortModulus));
}

/// Congruent to `residue` modulo each prime of the fingerprint.
openssl::BigNumber congruent_modulus(unsigned residue) {
  openssl::BigNumber modulus(BN_new());
  BN_one(modulus.get());
  for (unsigned candidate = 3; candidate <= 167; candidate += 2) {
    bool prime = true;
    for (unsigned d = 3; d * d <= candidate; d += 2) prime = prime && candidate % d != 0;
    if (prime) BN_mul_word(modulus.get(), candidate);
  }
  BN_lshift(modulus.get(), modulus.get(), 2048 - BN_num_bits(modulus.get()));
  BN_add_word(modulus.get(), residue);
  return modulus;
}

TEST(RsaKey, HasTheFingerprintOfRocaIfItIsAPowerOf65537ModuloEachPrime) {
  EXPECT_THAT(words(key_of(congruent_modulus(1)), 2048), ElementsAre(evidence::kRoca));
  EXPECT_THAT(words(key_of(congruent_modulus(65537)), 2048), ElementsAre(evidence::kRoca));
  // 7 is no power of 65537 modulo 11.
  EXPECT_THAT(words(key_of(congruent_modulus(7)), 2048), IsEmpty());
}

TEST(RsaKey, SaysEverythingThatIsWrong) {
  EXPECT_THAT(words(key_of(congruent_modulus(1), 17), 1024),
              ElementsAre(evidence::kExponent, evidence::kShortModulus, evidence::kRoca));
}

}  // namespace
}  // namespace tpmprobe::probes
