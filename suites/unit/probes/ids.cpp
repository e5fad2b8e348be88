// SPDX-License-Identifier: BSD-2-Clause
// Ids are in people's scripts, and in reports that were written long ago.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/catalogue.h"

namespace tpmprobe::probes {
namespace {

TEST(Ids, OfTheCatalogueAreThoseThatWereEverPrinted) {
  std::ifstream stream(TPMPROBE_SOURCE_DIR "/suites/unit/probes/data/ids.txt");
  std::vector<std::string> printed, now;
  for (std::string line; std::getline(stream, line);) printed.push_back(line);
  for (const Probe& probe : catalogue()) now.push_back(to_string(probe.id));
  EXPECT_THAT(now, testing::ElementsAreArray(printed));
}

TEST(Ids, OfTheCatalogueAreReadAsTheyWereMade) {
  ASSERT_FALSE(catalogue().empty());
  for (const Probe& probe : catalogue()) {
    const auto text = to_string(probe.id);
    EXPECT_TRUE(parse_id(text) == probe.id) << text;
    EXPECT_NE(probe.id.family, Family::other) << text;
  }
}

TEST(Ids, OfSigningHaveSchemeKeyAndHash) {
  const auto id = parse_id("sign.rsapss-rsa2048-sha3-256");
  EXPECT_EQ(id.family, Family::sign);
  EXPECT_EQ(id.scheme, "rsapss");
  EXPECT_EQ(id.key, "rsa2048");
  EXPECT_EQ(id.hash, "sha3-256");
  EXPECT_EQ(parse_id("sign.ecdaa-bn-p256-sha256").key, "bn-p256");
}

TEST(Ids, OfSshHaveTheKeyOnlyWhereTheAlgorithmDoesNotFixIt) {
  const auto rsa = parse_id("ssh.rsa2048.rsa-sha2-256-raw");
  EXPECT_EQ(rsa.key, "rsa2048");
  EXPECT_EQ(rsa.scheme, "rsa-sha2-256-raw");
  const auto ecdsa = parse_id("ssh.ecdsa-sha2-nistp384");
  EXPECT_EQ(ecdsa.key, "");
  EXPECT_EQ(ecdsa.scheme, "ecdsa-sha2-nistp384");
}

TEST(Ids, OfAnotherVersionAreKeptAsTheyAre) {
  for (const auto* text : {"", "seal.pcr", "key.", "keys.p256", "sign.", "sign.ecdsa-p256",
                           "sign.ecdsa-sha256", "sign.-p256-sha256", "pkcs11.ecc384."}) {
    EXPECT_EQ(parse_id(text).family, Family::other) << text;
    EXPECT_EQ(to_string(parse_id(text)), text);
  }
}

}  // namespace
}  // namespace tpmprobe::probes
