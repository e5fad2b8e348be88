// SPDX-License-Identifier: BSD-2-Clause
#include "reports/advisories.h"

#include <gmock/gmock.h>

#include "knowledge/property_tags.h"

namespace tpmprobe::reports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Report report_of(std::string manufacturer, std::uint32_t version_1, std::uint32_t version_2) {
  Report report;
  report.tpm.manufacturer = std::move(manufacturer);
  report.tpm.firmware = "1.2.3.4";
  report.capabilities.emplace();
  report.capabilities->properties_fixed = {{{knowledge::kPtYear, 2025},
                                            {knowledge::kPtFirmwareVersion1, version_1},
                                            {knowledge::kPtFirmwareVersion2, version_2}}};
  return report;
}

const Finding* find(const Report& report, std::string_view id) {
  const auto found = std::ranges::find(report.findings, id, &Finding::id);
  return found == report.findings.end() ? nullptr : &*found;
}

TEST(AdvisoryFindings, AreMadeByManufacturerAndFirmware) {
  Report report = report_of("IFX", 0x0007003d, 0);
  add_advisories(report);
  const Finding* roca = find(report, "CVE-2017-15361");
  ASSERT_NE(roca, nullptr);
  EXPECT_EQ(roca->severity, Severity::error);
  EXPECT_THAT(roca->diagnosis, HasSubstr("RSA ssh keys"));
  EXPECT_THAT(roca->diagnosis, HasSubstr("by manufacturer and firmware (IFX 1.2.3.4)"));
  EXPECT_THAT(roca->advice, HasSubstr("Source: Infineon"));
  EXPECT_THAT(roca->probes, ElementsAre("identity"));
}

TEST(AdvisoryFindings, BehaviourComesBeforeTheNumber) {
  Report report = report_of("IFX", 0x0007003d, 0);
  report.findings.push_back({"Q33", Severity::error, "", "", "", {"key.rsa2048"}});
  add_advisories(report);
  const Finding* roca = find(report, "CVE-2017-15361");
  ASSERT_NE(roca, nullptr);
  EXPECT_THAT(roca->diagnosis, HasSubstr("Recognised by behaviour (Q33)"));
  EXPECT_THAT(roca->probes, ElementsAre("key.rsa2048"));
}

TEST(AdvisoryFindings, ADefectThatWasSeenNeedsNoKnownFirmware) {
  Report report = report_of("XYZ", 1, 1);
  report.findings.push_back({"Q29", Severity::error, "", "", "", {"sign.known.p256-nonces"}});
  add_advisories(report);
  EXPECT_NE(find(report, "TPMSCAN-INTEL-ECC-NONCE"), nullptr);
}

TEST(AdvisoryFindings, ADefectThatIsOnlyKnownOfTheFirmwareIsNoBehaviour) {
  Report report = report_of("XYZ", 1, 1);
  report.findings.push_back({"Q29", Severity::info, "", "", "", {}});
  add_advisories(report);
  EXPECT_EQ(find(report, "TPMSCAN-INTEL-ECC-NONCE"), nullptr);
}

TEST(AdvisoryFindings, TheGravestStandFirst) {
  Report report = report_of("IFX", 0x0007003d, 0);
  report.findings.push_back({"small", Severity::info, "", "", "", {}});
  add_advisories(report);
  EXPECT_EQ(report.findings.front().id, "CVE-2017-15361");
}

TEST(AdvisoryFindings, ThereAreNoneWithoutAKnownFirmware) {
  Report report;
  add_advisories(report);
  EXPECT_THAT(report.findings, IsEmpty());
}

}  // namespace
}  // namespace tpmprobe::reports
