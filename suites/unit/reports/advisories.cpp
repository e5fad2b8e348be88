// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/property_tags.h"
#include "reports/findings.h"

namespace tpmprobe::reports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RunFacts facts_of(std::string manufacturer, std::uint32_t version_1, std::uint32_t version_2) {
  RunFacts facts;
  facts.tpm.manufacturer = std::move(manufacturer);
  facts.tpm.firmware = "1.2.3.4";
  facts.capabilities.emplace();
  facts.capabilities->properties_fixed = {{{knowledge::kPtYear, 2025},
                                           {knowledge::kPtFirmwareVersion1, version_1},
                                           {knowledge::kPtFirmwareVersion2, version_2}}};
  return facts;
}

const Finding* find(const std::vector<Finding>& findings, std::string_view id) {
  const auto found = std::ranges::find(findings, id, &Finding::id);
  return found == findings.end() ? nullptr : &*found;
}

TEST(AdvisoryFindings, AreMadeByManufacturerAndFirmware) {
  const auto findings = with_advisories({}, facts_of("IFX", 0x0007003d, 0));
  const Finding* roca = find(findings, "CVE-2017-15361");
  ASSERT_NE(roca, nullptr);
  EXPECT_EQ(roca->severity, Severity::error);
  EXPECT_THAT(roca->diagnosis, HasSubstr("RSA ssh keys"));
  EXPECT_THAT(roca->diagnosis, HasSubstr("by manufacturer and firmware (IFX 1.2.3.4)"));
  EXPECT_THAT(roca->advice, HasSubstr("Source: Infineon"));
  EXPECT_THAT(roca->probes, ElementsAre("identity"));
}

TEST(AdvisoryFindings, BehaviourComesBeforeTheNumber) {
  const auto findings = with_advisories({{"Q33", Severity::error, "", "", "", {"key.rsa2048"}}},
                                        facts_of("IFX", 0x0007003d, 0));
  const Finding* roca = find(findings, "CVE-2017-15361");
  ASSERT_NE(roca, nullptr);
  EXPECT_THAT(roca->diagnosis, HasSubstr("Recognised by behaviour (Q33)"));
  EXPECT_THAT(roca->probes, ElementsAre("key.rsa2048"));
}

TEST(AdvisoryFindings, ADefectThatWasSeenNeedsNoKnownFirmware) {
  const auto findings = with_advisories(
      {{"Q29", Severity::error, "", "", "", {"sign.known.p256-nonces"}}}, facts_of("XYZ", 1, 1));
  EXPECT_NE(find(findings, "TPMSCAN-INTEL-ECC-NONCE"), nullptr);
}

TEST(AdvisoryFindings, ADefectThatIsOnlyKnownOfTheFirmwareIsNoBehaviour) {
  const auto findings =
      with_advisories({{"Q29", Severity::info, "", "", "", {}}}, facts_of("XYZ", 1, 1));
  EXPECT_EQ(find(findings, "TPMSCAN-INTEL-ECC-NONCE"), nullptr);
}

TEST(AdvisoryFindings, TheGravestStandFirst) {
  const auto findings =
      with_advisories({{"small", Severity::info, "", "", "", {}}}, facts_of("IFX", 0x0007003d, 0));
  EXPECT_EQ(findings.front().id, "CVE-2017-15361");
}

TEST(AdvisoryFindings, ThereAreNoneWithoutAKnownFirmware) {
  const auto findings = with_advisories({}, RunFacts{});
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace tpmprobe::reports
