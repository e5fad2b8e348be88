// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/property_tags.h"
#include "probes/opening.h"

namespace tpmprobe::probes {
namespace {

using knowledge::Capabilities;
using knowledge::Property;

Capabilities amd() {
  Capabilities capabilities;
  capabilities.properties_fixed = {{knowledge::kPtFamilyIndicator, 0x322e3000},
                                   {knowledge::kPtLevel, 0},
                                   {knowledge::kPtRevision, 138},
                                   {knowledge::kPtDayOfYear, 61},
                                   {knowledge::kPtYear, 2018},
                                   {knowledge::kPtManufacturer, 0x414d4400},
                                   {knowledge::kPtVendorString1, 0x414d4400},
                                   {knowledge::kPtVendorString2, 0},
                                   {knowledge::kPtFirmwareVersion1, 0x00030033},
                                   {knowledge::kPtFirmwareVersion2, 0x00000005},
                                   {knowledge::kPtModes, 1}};
  capabilities.properties_variable = {
      {knowledge::kPtPermanent, 0x00000204}, {knowledge::kPtStartupClear, 0x00000003},
      {knowledge::kPtLockoutCounter, 32},    {knowledge::kPtMaxAuthFail, 31},
      {knowledge::kPtLockoutInterval, 600},  {knowledge::kPtLockoutRecovery, 86400}};
  return capabilities;
}

const HierarchyState& hierarchy(const Identity& identity, std::string_view name) {
  for (const auto& state : identity.hierarchies) {
    if (state.name == name) return state;
  }
  ADD_FAILURE() << name;
  return identity.hierarchies.front();
}

TEST(Identify, PrintsManufacturerAndFirmwareAsTheVendorDoes) {
  const Identity tpm = identify(amd());
  EXPECT_EQ(tpm.manufacturer, "AMD");
  EXPECT_EQ(tpm.vendor_string, "AMD");
  EXPECT_EQ(tpm.firmware, "3.51.0.5");
  EXPECT_EQ(tpm.kind, TpmKind::firmware);
}

TEST(Identify, TurnsRevisionAndDayOfYearIntoWhatPeopleRead) {
  const Identity tpm = identify(amd());
  EXPECT_EQ(tpm.spec_revision, "1.38");
  EXPECT_EQ(tpm.spec_date, "2018-03-02");
  EXPECT_EQ(tpm.spec_level, "2.0 level 0");
}

TEST(Identify, KnowsFipsLockoutAndHierarchies) {
  const Identity tpm = identify(amd());
  EXPECT_EQ(tpm.fips_140_2, true);
  ASSERT_TRUE(tpm.lockout);
  EXPECT_TRUE(tpm.lockout->in_lockout);
  EXPECT_TRUE(tpm.lockout->lockout_auth_set);
  EXPECT_EQ(tpm.lockout->counter, 32U);
  EXPECT_EQ(tpm.lockout->interval_s, 600U);
  EXPECT_EQ(hierarchy(tpm, "owner").enabled, true);
  EXPECT_EQ(hierarchy(tpm, "owner").auth_set, false);
  EXPECT_EQ(hierarchy(tpm, "endorsement").enabled, false);
  EXPECT_EQ(hierarchy(tpm, "lockout").auth_set, true);
}

TEST(Identify, LeavesOpenWhatTheTpmDoesNotSay) {
  const Identity tpm = identify({});
  EXPECT_FALSE(tpm.manufacturer || tpm.firmware || tpm.spec_revision || tpm.spec_date);
  EXPECT_FALSE(tpm.fips_140_2 || tpm.ptp || tpm.lockout);
  EXPECT_EQ(tpm.kind, TpmKind::unknown);
  EXPECT_EQ(hierarchy(tpm, "owner").enabled, std::nullopt);
}

TEST(Identify, DoesNotMakeADateOfNonsense) {
  for (const auto& [year, day] :
       {std::pair{0U, 1U}, {2018U, 0U}, {2018U, 400U}, {0xffffffffU, 1U}}) {
    Capabilities capabilities;
    capabilities.properties_fixed = {{knowledge::kPtDayOfYear, day}, {knowledge::kPtYear, year}};
    EXPECT_FALSE(identify(capabilities).spec_date) << year << " " << day;
  }
}

TEST(Identify, ReadsThePlatformProfileOfAPcClient) {
  Capabilities capabilities;
  capabilities.properties_fixed = {{knowledge::kPtPsFamilyIndicator, 1},
                                   {knowledge::kPtPsRevision, 105},
                                   {knowledge::kPtPsDayOfYear, 1},
                                   {knowledge::kPtPsYear, 2020}};
  EXPECT_EQ(identify(capabilities).ptp, "PC Client revision 1.05 of 2020-01-01");
}

}  // namespace
}  // namespace tpmprobe::probes
