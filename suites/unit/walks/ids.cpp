// SPDX-License-Identifier: BSD-2-Clause
// Ids are in people's scripts, and in reports that were written long ago.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "walks/ssh/direct_way.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::walks {
namespace {

using ::testing::IsSupersetOf;

std::vector<std::string> printed_ids() {
  std::ifstream stream(TPMPROBE_SOURCE_DIR "/suites/unit/walks/data/ids.txt");
  std::vector<std::string> ids;
  for (std::string line; std::getline(stream, line);) ids.push_back(line);
  return ids;
}

TEST(WalkIds, AreReadByWayAndStep) {
  const auto printed = printed_ids();
  ASSERT_FALSE(printed.empty());
  for (const auto& text : printed) {
    const auto id = parse_id(text);
    EXPECT_NE(id.family, Family::other) << text;
    EXPECT_EQ(to_string(id), text);
    EXPECT_EQ(to_string(without_step(id)) + "." + id.step, text);
    EXPECT_EQ(id.way.empty(), std::ranges::count(text, '.') == 1) << text;
  }
}

TEST(WalkIds, BeginWithTheWaysThatCanBeChosen) {
  std::vector<std::string> ways;
  for (const auto& text : printed_ids()) ways.push_back(to_string(without_step(parse_id(text))));
  std::vector<std::string> chosen;
  for (const auto& way : direct_ways()) chosen.push_back(to_string(way));
  for (const auto& way : pkcs11_ways()) chosen.push_back(to_string(way));
  EXPECT_EQ(chosen.size(), 22U);
  EXPECT_THAT(ways, IsSupersetOf(chosen));
}

}  // namespace
}  // namespace tpmprobe::walks
