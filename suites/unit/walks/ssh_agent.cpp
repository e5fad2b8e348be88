// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "probes/ssh/formats.h"
#include "walks/ssh/agent.h"

namespace tpmprobe::walks {
namespace {

constexpr std::uint8_t kFailure = 5;

AgentKey key_that_signs(bool can) {
  return {Bytes{1, 2, 3}, "name", [can](ByteView data, std::uint32_t flags) {
            EXPECT_EQ(flags, 4u);
            return can ? std::optional(Bytes(data.begin(), data.end())) : std::nullopt;
          }};
}

Bytes message(std::uint8_t type, const probes::SshWriter& content = {}) {
  Bytes octets{type};
  octets.insert(octets.end(), content.octets().begin(), content.octets().end());
  return octets;
}

Bytes sign_request(const Bytes& blob) {
  return message(13, probes::SshWriter().string(blob).string(Bytes{7, 8}).uint32(4));
}

TEST(SshAgent, ListsItsKey) {
  EXPECT_EQ(agent_answer(key_that_signs(true), message(11)),
            message(12, probes::SshWriter().uint32(1).string(Bytes{1, 2, 3}).string("name")));
}

TEST(SshAgent, SignsWithItsKey) {
  EXPECT_EQ(agent_answer(key_that_signs(true), sign_request({1, 2, 3})),
            message(14, probes::SshWriter().string(Bytes{7, 8})));
}

TEST(SshAgent, FailsForAnotherKeyAndWhenTheTpmDoes) {
  EXPECT_EQ(agent_answer(key_that_signs(true), sign_request({1, 2, 4})), Bytes{kFailure});
  EXPECT_EQ(agent_answer(key_that_signs(true), sign_request({1, 2})), Bytes{kFailure});
  EXPECT_EQ(agent_answer(key_that_signs(false), sign_request({1, 2, 3})), Bytes{kFailure});
}

TEST(SshAgent, FailsForWhatCannotBeRead) {
  const auto whole = sign_request({1, 2, 3});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(agent_answer(key_that_signs(true), ByteView(whole).first(size)), Bytes{kFailure});
  }
  EXPECT_EQ(agent_answer(key_that_signs(true), message(27)), Bytes{kFailure});
}

}  // namespace
}  // namespace tpmprobe::walks
