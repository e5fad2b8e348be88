// SPDX-License-Identifier: BSD-2-Clause
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "host/fapi/profile.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::host {
namespace {

namespace alg = knowledge::alg;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// As tpm2-tss ships it: commas before closing brackets, numbers as strings.
constexpr const char* kP256 = R"({
  "type": "TPM2_ALG_ECC",
  "nameAlg":"TPM2_ALG_SHA256",
  "srk_template": "system,restricted,decrypt,0x81000001",
  "ecc_signing_scheme": { "scheme":"TPM2_ALG_ECDSA", "details":{ "hashAlg":"TPM2_ALG_SHA256" }, },
  "sym_mode":"TPM2_ALG_CFB",
  "sym_parameters": { "algorithm":"TPM2_ALG_AES", "keyBits":"128", "mode":"TPM2_ALG_CFB" },
  "pcr_selection": [
    { "hash": "TPM2_ALG_SHA1", "pcrSelect": [ ], },
    { "hash": "TPM2_ALG_SHA256", "pcrSelect": [ 0, 1 ] },
  ],
  "curveID": "TPM2_ECC_NIST_P256"
})";

std::uint16_t id(std::string_view name) {
  return knowledge::find_algorithm(name)->id;
}

/// A TPM with all that the profile needs.
knowledge::Capabilities rich_tpm() {
  knowledge::Capabilities capabilities;
  capabilities.algorithms.emplace();
  for (const auto algorithm : {alg::kEcc, alg::kSha256, alg::kEcdsa, id("aes"), id("cfb")}) {
    capabilities.algorithms->push_back({algorithm, 0});
  }
  capabilities.curves = {{knowledge::curve::kNistP256}};
  capabilities.pcr_banks = {{{alg::kSha256, {0xff, 0xff, 0xff}}}};
  return capabilities;
}

TEST(RelaxedJson, ForgivesCommasBeforeClosingBracketsOutsideOfStringsOnly) {
  const auto read = parse_relaxed_json(R"({"a": [1, 2, ], "b": "x,}\",]",
  })");
  ASSERT_TRUE(read.is_object());
  EXPECT_EQ(read["a"].size(), 2u);
  EXPECT_EQ(read["b"], "x,}\",]");
  for (const auto* wrong : {"", "{", "[,]x", "\"", "\"\\", "{\"a\": 1,,}"}) {
    EXPECT_TRUE(parse_relaxed_json(wrong).is_discarded()) << wrong;
  }
}

TEST(FapiProfile, NamesWhatItNeeds) {
  const auto profile = read_fapi_profile("P_ECCP256SHA256", kP256);
  ASSERT_TRUE(profile);
  EXPECT_FALSE(profile->rsa);
  EXPECT_EQ(profile->curve, knowledge::curve::kNistP256);
  EXPECT_EQ(profile->srk_handle, 0x81000001u);
  EXPECT_THAT(profile->algorithms,
              UnorderedElementsAre(alg::kEcc, alg::kSha256, alg::kEcdsa, id("cfb"), id("aes")));
  EXPECT_THAT(profile->pcr_banks, ElementsAre(alg::kSha256));  // of SHA-1 it selects none
}

TEST(FapiProfile, WhatIsNoProfileIsNone) {
  for (const auto* text : {"", "[]", "{}", R"({"type": "TPM2_ALG_ECC"})", R"({"type": 1})"}) {
    EXPECT_FALSE(read_fapi_profile("P", text)) << text;
  }
}

TEST(FapiProfile, OddValuesAreNoValues) {
  const auto odd = read_fapi_profile("P", R"({"type": "TPM2_ALG_RSA", "nameAlg": "TPM2_ALG_SHA256",
    "keyBits": 99999999999, "pcr_selection": 5, "srk_template": 7, "curveID": {},
    "sym_parameters": {"algorithm": 3, "mode": ["TPM2_ALG_CFB", null]}})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->key_bits, 0);
  EXPECT_EQ(odd->srk_handle, std::nullopt);
  EXPECT_THAT(odd->pcr_banks, IsEmpty());
  const auto more = read_fapi_profile("P", R"({"type": "TPM2_ALG_ECC", "nameAlg": "TPM2_ALG_SHA256",
    "pcr_selection": [{"hash": 3, "pcrSelect": [1]}, 4, {"pcrSelect": [1]}]})");
  ASSERT_TRUE(more);
  EXPECT_THAT(more->pcr_banks, IsEmpty());
}

TEST(FapiProfile, DepthIsNoWayToEndTheProgram) {
  const std::string deep = std::string(300'000, '[') + std::string(300'000, ']');
  const auto profile = read_fapi_profile(
      "P", R"({"type": "TPM2_ALG_ECC", "nameAlg": "TPM2_ALG_SHA256", "sym_mode": )" + deep + "}");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->algorithms.size(), 2u);
}

TEST(FapiProfile, WhatIsNoRegularFileIsNotRead) {
  const auto folder = tpm::PrivateDirectory::create();
  ASSERT_EQ(::mkfifo((folder->path() / "P_FIFO.json").c_str(), 0600), 0);
  std::ofstream(folder->path() / "P_\xff.json") << kP256;
  EXPECT_THAT(fapi_profiles(folder->path()), IsEmpty());
  EXPECT_THAT(fapi_profiles("/nonexistent"), IsEmpty());
}

TEST(FapiProfile, FitsATpmThatListsEverything) {
  EXPECT_THAT(lacking(*read_fapi_profile("P", kP256), rich_tpm()), IsEmpty());
}

TEST(FapiProfile, TellsWhatTheTpmLacks) {
  auto tpm = rich_tpm();
  tpm.curves->clear();
  std::erase_if(*tpm.algorithms, [](const auto& entry) { return entry.id == id("cfb"); });
  tpm.pcr_banks->front().select = {0, 0, 0};
  EXPECT_THAT(lacking(*read_fapi_profile("P", kP256), tpm),
              ElementsAre("algorithm CFB", "curve NIST P-256", "PCR bank SHA-256"));
}

TEST(FapiProfile, AListThatTheTpmDoesNotGiveSaysNothing) {
  EXPECT_THAT(lacking(*read_fapi_profile("P", kP256), {}), IsEmpty());
}

TEST(FapiProfile, WhereNoneOfP384IsShippedOneIsMade) {
  const auto folder = tpm::PrivateDirectory::create();
  std::ofstream(folder->path() / "P_ECCP256SHA256.json") << kP256;
  std::ofstream(folder->path() / "README") << "no profile";
  const auto profiles = fapi_profiles(folder->path());
  ASSERT_EQ(profiles.size(), 2u);
  EXPECT_EQ(profiles[1].name, "P_ECCP384SHA384");
  EXPECT_EQ(profiles[1].curve, knowledge::curve::kNistP384);
  EXPECT_EQ(profiles[1].hash, alg::kSha384);
  EXPECT_THAT(profiles[1].pcr_banks, ElementsAre(alg::kSha256));
  std::ofstream(folder->path() / "P_ECCP384SHA384.json") << profiles[0].text;
  EXPECT_EQ(fapi_profiles(folder->path())[1].curve, knowledge::curve::kNistP256);  // the shipped
}

}  // namespace
}  // namespace tpmprobe::host
