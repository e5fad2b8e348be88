// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/advisory/advisory.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

namespace tpmprobe::knowledge {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> about(const FirmwareFacts& facts) {
  std::vector<std::string> ids;
  for (const Advisory& advisory : advisories()) {
    if (is_about(advisory, facts)) ids.push_back(advisory.id);
  }
  return ids;
}

TEST(Advisories, AreReadAndTheirIdsAreUnique) {
  ASSERT_TRUE(read_advisories(advisories_document()));
  std::set<std::string> ids;
  for (const Advisory& advisory : advisories()) {
    EXPECT_TRUE(ids.insert(advisory.id).second) << advisory.id;
    EXPECT_THAT(advisory.sources, Not(IsEmpty())) << advisory.id;
  }
  EXPECT_GE(ids.size(), 18U);
}

TEST(Advisories, RocaEndsWithTheFirmwareThatCorrectsIt) {
  EXPECT_THAT(about({"IFX", 0x0007003d'000ae100, 2015}), Contains("CVE-2017-15361"));
  EXPECT_THAT(about({"IFX", 0x0007003e'000c3600, 2015}), Not(Contains("CVE-2017-15361")));
  EXPECT_THAT(about({"IFX", 0x0005003d'000ae100, 2015}), Contains("CVE-2017-15361"));
}

TEST(Advisories, IntelNoncesAreKnownOfThreeVersionsOnly) {
  EXPECT_THAT(about({"INTC", 0x012f000c'00000000, 2016}), Contains("TPMSCAN-INTEL-ECC-NONCE"));
  EXPECT_THAT(about({"INTC", 0x012e000c'00000000, 2016}), Not(Contains("TPMSCAN-INTEL-ECC-NONCE")));
}

TEST(Advisories, AmdWritesVersionsInHexadecimal) {
  // 3.57.0.5 in decimal is 0x00030039: long before 0x00030057.
  EXPECT_THAT(about({"AMD", 0x00030039'00000005, 2018}), Contains("AMD-PA-410"));
  EXPECT_THAT(about({"AMD", 0x00030057'00000005, 2018}), Not(Contains("AMD-PA-410")));
  EXPECT_THAT(about({"AMD", 0x00060018'00000006, 2021}), Not(Contains("AMD-PA-410")));
}

TEST(Advisories, AMaskLooksAtSomeWordsOfTheVersion) {
  EXPECT_THAT(about({"AMD", 0x00030057'00000005, 2018}), Contains("AMD-FTPM-ATTEST-0X80070490"));
  EXPECT_THAT(about({"AMD", 0x00030057'00020005, 2018}),
              Not(Contains("AMD-FTPM-ATTEST-0X80070490")));
}

TEST(Advisories, AnOldSpecificationCannotClaimTheCorrection) {
  EXPECT_THAT(about({"STM", 0x01020000'00000000, 2022}), Contains("CVE-2023-1017"));
  EXPECT_THAT(about({"STM", 0x01020000'00000000, 2023}), Not(Contains("CVE-2023-1017")));
}

TEST(Advisories, WhatATpmDoesNotSayFitsNothing) {
  EXPECT_THAT(about({"IFX", std::nullopt, std::nullopt}), Not(Contains("CVE-2017-15361")));
  EXPECT_THAT(about({"", 0x0007003d'000ae100, 2015}), IsEmpty());
}

TEST(Advisories, NothingIsKnownOfTheEmulatorByItsNumbers) {
  EXPECT_THAT(about({"IBM", 0x20191023'00163636, 2019}), IsEmpty());
}

TEST(Advisories, AWrongFileIsRefusedWithTheirPlace) {
  const auto refused = [](std::string_view text) {
    const auto read = read_advisories(text);
    return read ? std::string("read") : read.error().pointer + ": " + read.error().reason;
  };
  EXPECT_EQ(refused(R"({"source": ""})"), ": 'advisories' is missing");
  EXPECT_EQ(refused(R"({"source": "", "advisories": [{"id": 1}]})"),
            "/advisories/0: 'title' is missing");
  const std::string head =
      R"({"source":"","advisories":[{"id":"A","title":"t","certain":true,"meaning":"m","advice":"a","sources":[],)";
  EXPECT_EQ(refused(head + R"("severity":"bad"}]})"),
            "/advisories/0/severity: must be info, warning or error");
  EXPECT_EQ(refused(head + R"("severity":"info"}]})"), "/advisories/0: can never be found");
  EXPECT_EQ(
      refused(head + R"("severity":"info","firmware":[{"manufacturer":"X","from":"0x1"}]}]})"),
      "/advisories/0/firmware/0: 'from' and 'to' must be given together");
  EXPECT_EQ(
      refused(head + R"("severity":"info","firmware":[{"manufacturer":"X","from":2,"to":1}]}]})"),
      "/advisories/0/firmware/0/to: is less than 'from'");
  EXPECT_THAT(refused("{"), HasSubstr("parse error"));
}

}  // namespace
}  // namespace tpmprobe::knowledge
