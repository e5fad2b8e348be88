// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "knowledge/evidence.h"
#include "suites/unit/tpm/layer_support.h"
#include "tpm/digest.h"
#include "tpm/layers/name_layer.h"

namespace tpmprobe::suites {
namespace {

constexpr std::uint32_t kReadPublic = 0x173, kGetRandom = 0x17b;

// A keyed hash object with nameAlg SHA-256, no attributes, no policy, scheme NULL, no unique.
constexpr const char* kArea = "0008 000b 00000000 0000 0010 0000";

std::string hex_of(ByteView octets) {
  std::string text;
  for (const auto octet : octets) text += fmt::format("{:02x}", octet);
  return text;
}

Bytes answer_with(const std::string& name) {
  const auto size = [](std::size_t octets) { return fmt::format("{:04x}", octets); };
  return plain(0, "000e" + std::string(kArea) + size(name.size() / 2) + name + "0000");
}

Expected<Bytes> through_layer(const Bytes& command, const Bytes& response) {
  Script script = always(response);
  tpm::NameLayer layer(script.transport());
  return layer.transmit(command, {});
}

TEST(Name, IsNameAlgAndTheDigestOfThePublicArea) {
  // The digest as sha256sum gives it.
  EXPECT_EQ(tpm::name_of(hex(kArea)),
            hex("000b 4f0eff4b7ee7c611f188836af40c1a3b911b00bc9141633637d8ba2c84013a6b"));
}

TEST(Name, IsEmptyWithoutAHashThatCanBeComputed) {
  EXPECT_TRUE(tpm::name_of(hex("0008 0010 00000000 0000 0010 0000")).empty());
  EXPECT_TRUE(tpm::name_of(hex("0008 00")).empty());
}

TEST(NameLayer, PassesTheRightName) {
  const Bytes response = answer_with(hex_of(tpm::name_of(hex(kArea))));
  EXPECT_EQ(through_layer(plain(kReadPublic, "80000000"), response), response);
}

TEST(NameLayer, RefusesAnotherName) {
  Bytes name = tpm::name_of(hex(kArea));
  name.back() ^= 1U;
  const auto passed = through_layer(plain(kReadPublic, "80000000"), answer_with(hex_of(name)));
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().kind, Error::Kind::malformed);
  EXPECT_EQ(passed.error().evidence, knowledge::evidence::kNameWrong);
  EXPECT_EQ(passed.error().command, kReadPublic);
}

TEST(NameLayer, LeavesOtherAnswersAlone) {
  const Bytes refused = plain(0x18b), random = plain(0, "0002 abcd");
  EXPECT_EQ(through_layer(plain(kReadPublic, "80000000"), refused), refused);
  EXPECT_EQ(through_layer(plain(kGetRandom, "0002"), random), random);
  EXPECT_EQ(through_layer(hex("8001"), random), random);
}

}  // namespace
}  // namespace tpmprobe::suites
