// SPDX-License-Identifier: BSD-2-Clause
#include "probes/catalogue.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "probes/families/keys.h"
#include "probes/families/signing.h"
#include "probes/probe.h"
#include "probes/runner.h"
#include "suites/support/not_empty.h"

namespace tpmprobe::probes {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> ids(const Selection& selection) {
  const auto selected = select(selection);
  EXPECT_TRUE(selected) << selected.error();
  std::vector<std::string> names;
  for (const auto* probe : selected.value_or(std::vector<const Probe*>{}))
    names.push_back(to_string(probe->id));
  return names;
}

TEST(Catalogue, HasEveryIdOnce) {
  std::set<std::string> seen;
  for (const Probe& probe : suites::not_empty(catalogue()))
    EXPECT_TRUE(seen.insert(to_string(probe.id)).second) << to_string(probe.id);
}

TEST(Catalogue, SaysOfEveryProbeWhatItIsAndWhereTheSpecificationAsksForIt) {
  for (const Probe& probe : suites::not_empty(catalogue())) {
    EXPECT_FALSE(probe.title.empty()) << to_string(probe.id);
    EXPECT_FALSE(probe.clause.empty()) << to_string(probe.id);
    EXPECT_TRUE(probe.run) << to_string(probe.id);
  }
}

TEST(Catalogue, ChangesNothingButTransientObjectsAndSessions) {
  const auto harmless = static_cast<std::uint16_t>(knowledge::Effect::transient) |
                        static_cast<std::uint16_t>(knowledge::Effect::session);
  for (const Probe& probe : suites::not_empty(catalogue())) {
    EXPECT_EQ(probe.effects & ~harmless, 0) << to_string(probe.id);
    const auto allowed = probes::policy_for({&probe}, false).allowed;
    for (const auto code : probe.needs.commands) {
      const auto* command = knowledge::find_command(code);
      ASSERT_NE(command, nullptr) << to_string(probe.id);
      EXPECT_EQ(command->effects & ~allowed, 0) << to_string(probe.id) << " " << command->name;
    }
  }
}

TEST(Catalogue, HasTheStableIdsThatOthersQuote) {
  EXPECT_THAT(ids({}), IsSupersetOf({"identity", "sign.rsapss-rsa2048-sha256",
                                     "sign.ecdsa-p384-sha384", "ssh.ecdsa-sha2-nistp384",
                                     "ssh.rsa2048.rsa-sha2-512", "ssh.rsa2048.rsa-sha2-512-raw",
                                     "sign.ecdaa-bn256-sha256", "sign.ecschnorr-p256-sha256",
                                     "sign.sm2-sm2p256-sm3_256", "key.rsa4096"}));
}

TEST(Catalogue, HasEveryRsaSizeSchemeAndHash) {
  const auto all = ids({{"sign.rsa*"}, {}, false});
  EXPECT_EQ(all.size(), 4U * 2U * 8U);
}

TEST(Catalogue, TriesWhatSshDemandsAlsoWhereTheHashIsNotListed) {
  for (const auto* id : {"sign.ecdsa-p384-sha384", "ssh.ecdsa-sha2-nistp384"}) {
    const auto probe = std::ranges::find_if(
        catalogue(), [&](const Probe& one) { return to_string(one.id) == id; });
    ASSERT_NE(probe, catalogue().end()) << id;
    EXPECT_THAT(probe->needs.algorithms, Not(Contains(0x000C))) << id;
  }
}

TEST(Selection, TakesIdsAndGlobs) {
  EXPECT_THAT(ids({{"key.p256"}, {}, false}), testing::ElementsAre("key.p256"));
  EXPECT_THAT(ids({{"sign.ecdsa-p*-sha384"}, {}, false}),
              testing::UnorderedElementsAre("sign.ecdsa-p256-sha384", "sign.ecdsa-p384-sha384",
                                            "sign.ecdsa-p521-sha384"));
}

TEST(Selection, SkipsAfterItHasChosen) {
  const auto chosen = ids({{"key.*"}, {"*rsa*"}, false});
  EXPECT_THAT(chosen, Contains("key.p256"));
  EXPECT_THAT(chosen, Each(StartsWith("key.")));
  EXPECT_THAT(chosen, Not(Contains("key.rsa2048")));
}

TEST(Selection, NamesTheWordThatMeansNoProbe) {
  const auto selected = select({{"key.p256", "sign.rot13"}, {}, false});
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error(), "sign.rot13");
  EXPECT_FALSE(select({{}, {"nonsense*"}, false}));
}

TEST(Selection, KeepsOfSlowKeysOnlyTheQuestionInAQuickRun) {
  const auto quick = ids({{}, {}, true});
  EXPECT_THAT(quick, IsSupersetOf({"key.rsa3072", "key.rsa4096", "ssh.rsa2048.rsa-sha2-256"}));
  EXPECT_THAT(quick, Not(Contains("ssh.rsa3072.rsa-sha2-256")));
  EXPECT_THAT(quick, Not(Contains("sign.rsassa-rsa4096-sha256")));
}

TEST(Glob, MatchesAsAShellWouldButAcrossDots) {
  EXPECT_TRUE(matches("*", "anything.at-all"));
  EXPECT_TRUE(matches("ssh.*.rsa-sha2-512", "ssh.rsa2048.rsa-sha2-512"));
  EXPECT_FALSE(matches("ssh.*.rsa-sha2-512", "ssh.rsa2048.rsa-sha2-512-raw"));
  EXPECT_TRUE(matches("a**b?", "aXXbc"));
  EXPECT_FALSE(matches("", "x"));
  EXPECT_FALSE(matches("key.p25", "key.p256"));
}

TEST(Glob, EndsOnPatternsThatAreMadeToBeSlow) {
  const std::string stars(2000, '*');
  EXPECT_FALSE(matches(stars + "b", std::string(2000, 'a')));
}

TEST(KeyRows, AreFoundByTheirIds) {
  ASSERT_NE(find_key_row("rsa2048"), nullptr);
  EXPECT_EQ(find_key_row("rsa2048")->key.key_bits, 2048);
  EXPECT_EQ(find_key_row("rsa1"), nullptr);
  for (const KeyRow& row : key_rows()) EXPECT_FALSE(signing_rows(row).empty()) << row.id;
}

TEST(Needs, NameThePcrBankThatIsMissing) {
  const Needs needs{.algorithms = {}, .curve = {}, .commands = {}, .pcr_bank = 0x000b};
  knowledge::Capabilities capabilities;
  EXPECT_THAT(missing(needs, capabilities), IsEmpty()) << "what was not read rules nothing out";
  capabilities.pcr_banks = {{0x0004, {0xff, 0xff, 0xff}}, {0x000b, {0, 0, 0}}};
  EXPECT_THAT(missing(needs, capabilities), ElementsAre("PCR bank SHA-256"));
  capabilities.pcr_banks->back().select = {1, 0, 0};
  EXPECT_THAT(missing(needs, capabilities), IsEmpty());
}

}  // namespace
}  // namespace tpmprobe::probes
