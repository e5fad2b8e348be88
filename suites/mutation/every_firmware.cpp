// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "suites/mutation/injected.h"

/// What a report finds on each emulated firmware is what was measured on the real one.
namespace tpmprobe::suites {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;
using knowledge::FirmwareProfile;
using testing::Contains;
using testing::Not;

class EveryFirmware : public ReportTest, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    profile_ = knowledge::find_firmware(GetParam()).value();
    RunSpec spec;
    spec.emulation.firmware = profile_;
    spec.skip = {"*rsa4096*"};
    report_ = &run(spec).report;
  }

  template <typename List, typename Id>
  static bool has(const std::optional<List>& list, Id id) {
    return list && std::ranges::find(*list, id) != list->end();
  }
  bool has_hash(std::uint16_t id) const {
    return profile_.algorithms &&
           std::ranges::any_of(*profile_.algorithms, [&](auto& entry) { return entry.id == id; });
  }
  reports::Usability usability(std::string_view use) const { return use_of(*report_, use).verdict; }

  void says_who_it_is() const;
  void makes_ecdsa_logins_with_its_curves_and_hashes() const;
  void creates_the_rsa_keys_that_were_measured() const;
  void shows_the_defects_that_were_measured_and_no_others() const;
  void contradicts_itself_nowhere() const;

  FirmwareProfile profile_;
  const reports::Report* report_ = nullptr;
};

void EveryFirmware::says_who_it_is() const {
  EXPECT_EQ(result_of(*report_, "identity").verdict, Verdict::pass);
  ASSERT_TRUE(report_->tpm.firmware && report_->tpm.manufacturer);
  auto name = fmt::format("{}-{}", *report_->tpm.manufacturer, *report_->tpm.firmware);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  EXPECT_EQ(name, GetParam());
}

void EveryFirmware::makes_ecdsa_logins_with_its_curves_and_hashes() const {
  const bool p256 = has(profile_.curves, curve::kNistP256);
  const bool p384 = has(profile_.curves, curve::kNistP384);
  using enum reports::Usability;
  EXPECT_EQ(usability("ssh.ecdsa-sha2-nistp256"), p256 ? usable : not_usable) << outline(*report_);
  EXPECT_EQ(usability("ssh.ecdsa-sha2-nistp384"),
            p384 && has_hash(alg::kSha384) ? usable : not_usable)
      << outline(*report_);
  EXPECT_EQ(usability("ssh.ecdsa-sha2-nistp521"), not_usable);
}

void EveryFirmware::creates_the_rsa_keys_that_were_measured() const {
  if (!profile_.rsa_bits) return;  // nobody tried
  for (const unsigned bits : {1024U, 2048U, 3072U}) {
    const auto& key = result_of(*report_, fmt::format("key.rsa{}", bits));
    const bool made = key.steps.created == Step::yes;
    EXPECT_EQ(made, has(profile_.rsa_bits, static_cast<std::uint16_t>(bits))) << bits;
  }
}

void EveryFirmware::shows_the_defects_that_were_measured_and_no_others() const {
  for (const std::string& id : profile_.quirks) {
    EXPECT_THAT(findings(*report_), Contains(id)) << outline(*report_);
  }
  const bool p384_trap = has(profile_.curves, curve::kNistP384) && !has_hash(alg::kSha384);
  for (const reports::Finding& finding : report_->findings) {
    const auto* quirk = knowledge::find_quirk(finding.id);
    if (quirk == nullptr || quirk->is_limit || finding.probes.empty()) continue;
    const bool measured = std::ranges::find(profile_.quirks, quirk->id) != profile_.quirks.end();
    EXPECT_TRUE(measured || (quirk->id == "Q01" && p384_trap))
        << finding.id << ": " << finding.diagnosis;
  }
  EXPECT_THAT(findings(*report_), Not(Contains("unrecognised"))) << outline(*report_);
}

void EveryFirmware::contradicts_itself_nowhere() const {
  EXPECT_THAT(with_verdict(*report_, Verdict::mismatch), testing::IsEmpty()) << outline(*report_);
  EXPECT_THAT(with_verdict(*report_, Verdict::error), testing::IsEmpty()) << outline(*report_);
}

// One run serves all: it generates RSA keys.
TEST_P(EveryFirmware, IsReportedAsItWasMeasured) {
  says_who_it_is();
  makes_ecdsa_logins_with_its_curves_and_hashes();
  creates_the_rsa_keys_that_were_measured();
  shows_the_defects_that_were_measured_and_no_others();
  contradicts_itself_nowhere();
}

std::vector<std::string> all_names() {
  const auto names = knowledge::firmware_names();
  return {names.begin(), names.end()};
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Measured, EveryFirmware, testing::ValuesIn(all_names()), test_name);

TEST(FirmwareProfiles, AreThoseOfThirtyNineVersions) {
  EXPECT_EQ(knowledge::firmware_names().size(), 39U);
}

}  // namespace
}  // namespace tpmprobe::suites
