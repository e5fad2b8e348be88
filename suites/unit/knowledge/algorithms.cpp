// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/algorithms.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tpmprobe::knowledge {
namespace {

TEST(Algorithms, AreSortedById) {
  EXPECT_TRUE(std::ranges::is_sorted(algorithms(), std::ranges::less_equal{}, &AlgorithmInfo::id));
  EXPECT_TRUE(std::ranges::is_sorted(curves(), std::ranges::less_equal{}, &CurveInfo::id));
}

TEST(Algorithms, AreFoundInEverySpelling) {
  for (const auto* name :
       {"sha384", "SHA384", "SHA-384", "TPM_ALG_SHA384", "TPM2_ALG_SHA384", "tpm2_alg_sha384"}) {
    ASSERT_NE(find_algorithm(name), nullptr) << name;
    EXPECT_EQ(find_algorithm(name)->id, 0x000c) << name;
  }
  EXPECT_EQ(find_algorithm("TPM2_ALG_SHA")->name, "sha1");
  EXPECT_EQ(find_algorithm("RSASSA-PKCS1-v1_5")->name, "rsassa");
  EXPECT_EQ(find_algorithm("nonsense"), nullptr);
  EXPECT_EQ(find_algorithm(""), nullptr);
}

TEST(Algorithms, AreFoundById) {
  EXPECT_EQ(find_algorithm(std::uint16_t{0x0018})->title, "ECDSA");
  EXPECT_EQ(find_algorithm(std::uint16_t{0x0002}), nullptr);
  EXPECT_EQ(algorithm_name(0x0018), "ecdsa");
  EXPECT_EQ(algorithm_name(0x00ff), "0x00ff");
}

TEST(Algorithms, HashesKnowTheirDigestSize) {
  EXPECT_EQ(find_algorithm("sha1")->digest_size, 20);
  EXPECT_EQ(find_algorithm("sha256")->digest_size, 32);
  EXPECT_EQ(find_algorithm("sm3_256")->digest_size, 32);
  EXPECT_EQ(find_algorithm("sha3_384")->digest_size, 48);
  EXPECT_EQ(find_algorithm("sha512")->digest_size, 64);
  for (const auto& row : algorithms()) {
    EXPECT_EQ(row.digest_size > 0, row.kind == AlgorithmKind::hash) << row.name;
  }
}

TEST(Algorithms, AttributesAreWords) {
  EXPECT_EQ(algorithm_attributes(0x00000000), "");
  EXPECT_EQ(algorithm_attributes(0x00000101), "asymmetric signing");
  EXPECT_EQ(algorithm_attributes(0x0000070f),
            "asymmetric symmetric hash object signing encrypting method");
  EXPECT_EQ(algorithm_attributes(0x80000004), "hash 0x80000000");
}

TEST(Curves, AreFoundInEverySpelling) {
  for (const auto* name : {"p384", "P-384", "NIST P-384", "nistp384", "ecc384", "NIST_P384",
                           "TPM_ECC_NIST_P384", "TPM2_ECC_NIST_P384"}) {
    ASSERT_NE(find_curve(name), nullptr) << name;
    EXPECT_EQ(find_curve(name)->id, 0x0004) << name;
  }
  EXPECT_EQ(find_curve("TPM2_ECC_BN_P256")->name, "bn256");
  EXPECT_EQ(find_curve("TPM2_ECC_SM2_P256")->name, "sm2p256");
  EXPECT_EQ(find_curve("p385"), nullptr);
  EXPECT_EQ(find_curve(""), nullptr);
}

TEST(Curves, KnowTheirSize) {
  EXPECT_EQ(find_curve(std::uint16_t{0x0005})->bits, 521);
  EXPECT_EQ(find_curve(std::uint16_t{0x0011})->bits, 638);
  EXPECT_EQ(curve_name(0x0005), "p521");
  EXPECT_EQ(curve_name(0x0099), "0x0099");
}

}  // namespace
}  // namespace tpmprobe::knowledge
