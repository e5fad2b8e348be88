// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "tpm/leftovers.h"

namespace tpmprobe::suites {
namespace {

TEST(Marker, IsTheDigestOfItsText) {
  std::array<std::uint8_t, 32> digest{};
  unsigned size = 0;
  ASSERT_EQ(EVP_Digest(tpm::kMarkerText.data(), tpm::kMarkerText.size(), digest.data(), &size,
                       EVP_sha256(), nullptr),
            1);
  EXPECT_EQ(size, digest.size());
  EXPECT_EQ(digest, tpm::kMarker);
}

TEST(Marker, StaysWhatItWasInTheFirstVersion) {
  EXPECT_EQ(tpm::kMarkerText, "tpmprobe object marker, version 1");
}

}  // namespace
}  // namespace tpmprobe::suites
