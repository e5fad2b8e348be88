// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/digest.h"

#include <gtest/gtest.h>

#include "knowledge/algorithm_ids.h"
#include "suites/unit/tpm/layer_support.h"

namespace tpmprobe::suites {
namespace {

namespace alg = knowledge::alg;

struct KnownDigest {
  tpm::AlgId hash;
  const char* of_abc;
};

// The digest of "abc": FIPS 180-4 and FIPS 202 examples; GM/T 0004-2012, A.1 for SM3.
const KnownDigest kKnown[] = {
    {alg::kSha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {alg::kSha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {alg::kSha384,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {alg::kSha512,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {alg::kSm3_256, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
    {alg::kSha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {alg::kSha3_384,
     "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
     "98d88cea927ac7f539f1edf228376d25"},
    {alg::kSha3_512,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
     "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
};

const Bytes kAbc{'a', 'b', 'c'};

TEST(Digest, OfAbcIsThePublishedOneForEveryHash) {
  for (const KnownDigest& known : kKnown) {
    EXPECT_EQ(tpm::digest(known.hash, kAbc), hex(known.of_abc)) << known.hash;
    EXPECT_EQ(tpm::digest_size(known.hash), hex(known.of_abc).size()) << known.hash;
  }
  EXPECT_EQ(tpm::hash_names().size(), std::size(kKnown));
}

TEST(Digest, OfNothingIsThePublishedOne) {
  EXPECT_EQ(tpm::digest(alg::kSha256, {}),
            hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(Digest, OfAnUnknownHashIsEmpty) {
  constexpr tpm::AlgId kRsa = 0x0001;
  EXPECT_TRUE(tpm::digest(kRsa, kAbc).empty());
  EXPECT_EQ(tpm::digest_size(kRsa), 0U);
  EXPECT_EQ(tpm::find_hash(kRsa), nullptr);
}

}  // namespace
}  // namespace tpmprobe::suites
