// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "knowledge/quirk/quirk.h"
#include "suites/support/not_empty.h"

namespace tpmprobe::knowledge {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

TEST(QuirkFiles, AllRead) {
  for (const Document& document : quirk_documents()) {
    const auto quirk = read_quirk(document.text);
    EXPECT_TRUE(quirk) << document.name << ": " << quirk.error().pointer << " "
                       << quirk.error().reason;
  }
  EXPECT_EQ(quirks().size(), quirk_documents().size());
  EXPECT_GE(quirks().size(), 40U);
}

TEST(QuirkFiles, AreNamedByTheirId) {
  for (const Document& document : suites::not_empty(quirk_documents())) {
    const Quirk* quirk = find_quirk(document.name);
    EXPECT_NE(quirk, nullptr) << document.name;
  }
}

TEST(QuirkFiles, HaveIdsAndNamesOfTheirOwn) {
  std::set<std::string> words;
  for (const Quirk& quirk : suites::not_empty(quirks())) {
    EXPECT_TRUE(words.insert(quirk.id).second) << quirk.id;
    EXPECT_TRUE(words.insert(quirk.name).second) << quirk.name;
  }
}

TEST(QuirkFiles, CanBeRecognisedAndInjected) {
  for (const Quirk& quirk : suites::not_empty(quirks())) {
    EXPECT_THAT(quirk.symptoms, Not(IsEmpty())) << quirk.id;
    EXPECT_THAT(quirk.rules, Not(IsEmpty())) << quirk.id;
  }
}

TEST(QuirkFiles, CallALimitNoError) {
  for (const Quirk& quirk : suites::not_empty(quirks())) {
    EXPECT_FALSE(quirk.is_limit && quirk.severity == "error") << quirk.id;
  }
}

TEST(Quirks, AreFoundByIdAndByName) {
  const Quirk* quirk = find_quirk("Q01");
  ASSERT_NE(quirk, nullptr);
  EXPECT_EQ(find_quirk("q01"), quirk);
  EXPECT_EQ(find_quirk("p384-without-sha384"), quirk);
  EXPECT_EQ(find_quirk("Q"), nullptr);
}

TEST(Quirks, AreSortedById) {
  EXPECT_TRUE(std::ranges::is_sorted(quirks(), {}, &Quirk::id));
}

TEST(FirmwareMatch, NeedsAllThatItNames) {
  const FirmwareMatch amd{"AMD", 0x0003002500000000, 0x00030057ffffffff};
  EXPECT_TRUE(matches(amd, "AMD", 0x0003003300000005));
  EXPECT_TRUE(matches(amd, "AMD", 0x0003002500000000));
  EXPECT_TRUE(matches(amd, "AMD", 0x00030057ffffffff));
  EXPECT_FALSE(matches(amd, "AMD", 0x0003005800000000));
  EXPECT_FALSE(matches(amd, "AMD", 0x00030024ffffffff));
  EXPECT_FALSE(matches(amd, "INTC", 0x0003003300000005));
}

TEST(FirmwareMatch, IsNeverAboutWhatTheTpmDoesNotSay) {
  EXPECT_FALSE(matches({"AMD", 1, 2}, "AMD", std::nullopt));
  EXPECT_FALSE(matches({"AMD"}, "", 1));
  EXPECT_TRUE(matches({"AMD"}, "AMD", std::nullopt));
}

}  // namespace
}  // namespace tpmprobe::knowledge
