// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/context.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "explain/read/messages.h"

namespace tpmprobe::explain {
namespace {

std::set<std::string> words_in(std::string_view line) {
  const knowledge::ContextWords found = find_context(line);
  std::set<std::string> words;
  for (std::size_t i = 0; i < knowledge::context_words().size(); ++i) {
    if (found[i]) words.emplace(knowledge::context_words()[i]);
  }
  return words;
}

TEST(Context, FindsWordsInAnyCase) {
  EXPECT_TRUE(words_in("key type ECDSA-SHA2-NISTP384").contains("nistp384"));
  EXPECT_TRUE(words_in("qemu: swtpm said").contains("swtpm"));
}

TEST(Context, TakesWholeWordsOnly) {
  EXPECT_EQ(words_in("xnistp384"), std::set<std::string>{});
  EXPECT_EQ(words_in("nistp3845"), std::set<std::string>{});
  EXPECT_EQ(words_in("swtpmx swtpm2"), std::set<std::string>{});
}

TEST(Context, HasItsWordsSortedAndNotTooMany) {
  EXPECT_TRUE(std::ranges::is_sorted(knowledge::context_words()));
  EXPECT_LE(knowledge::context_words().size(), knowledge::ContextWords{}.size());
}

TEST(Context, HasAWordForAnErrorOfTheTpmBefore) {
  ASSERT_LT(after_tpm_error(), knowledge::context_words().size());
  EXPECT_EQ(find_context("after an error of the tpm").test(after_tpm_error()), false);
}

}  // namespace
}  // namespace tpmprobe::explain
