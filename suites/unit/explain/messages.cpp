// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/messages.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "explain/read/messages.h"
#include "suites/support/not_empty.h"

namespace tpmprobe::explain {
namespace {

std::string id_in(std::string_view line) {
  const knowledge::MessageInfo* message = find_message(line);
  return message != nullptr ? std::string(message->id) : "";
}

/// A line that has the text, with something in place of each '*'.
std::string line_with(std::string_view text) {
  std::string line = "x: ";
  for (const char c : text) line += c == '*' ? std::string(" q ") : std::string(1, c);
  return line + " ";
}

TEST(Messages, FindsEveryTextInALine) {
  for (const knowledge::MessageInfo& message : suites::not_empty(knowledge::messages())) {
    for (const std::string_view text : suites::not_empty(message.texts)) {
      const std::string line = line_with(text);
      ASSERT_NE(find_message(line), nullptr) << line;
      EXPECT_TRUE(may_hold_message(line)) << line;
      const bool longer = find_message(line)->id != message.id;
      if (!longer) continue;
      // Another message may only win with a text that is longer and in the line too.
      const auto other = find_message(line)->texts;
      EXPECT_TRUE(std::ranges::any_of(other, [&](auto t) { return t.size() >= text.size(); }))
          << line << " is taken for " << find_message(line)->id;
    }
  }
}

TEST(Messages, AreWholeAndHaveCauses) {
  std::set<std::string_view> ids;
  for (const knowledge::MessageInfo& message : suites::not_empty(knowledge::messages())) {
    EXPECT_TRUE(ids.insert(message.id).second) << message.id;
    EXPECT_FALSE(message.causes.empty()) << message.id;
    EXPECT_TRUE(message.sentence.ends_with('.')) << message.id;
  }
}

TEST(Messages, IgnoresCase) {
  EXPECT_EQ(id_in("AGENT REFUSED OPERATION"), "ssh-signing-failed");
}

TEST(Messages, TakesAnythingForAStarButInOrder) {
  EXPECT_EQ(id_in("open /dev/tpm0: device or resource busy"), "device-busy");
  EXPECT_EQ(id_in("device or resource busy: /dev/nvme0"), "");
}

TEST(Messages, TakesTheLongestText) {
  EXPECT_EQ(id_in("RuntimeError: Could not execute tpm2_import: b''"), "ptool-import");
  EXPECT_EQ(id_in("RuntimeError: Could not execute tpm2_load: b''"), "ptool-tool");
}

TEST(Messages, ReadsNumbersWhole) {
  EXPECT_EQ(id_in("C_Sign failed: 5"), "ckr-5");
  EXPECT_EQ(id_in("C_Login failed: 160"), "ckr-160");
  EXPECT_EQ(id_in("C_Sign failed: 51"), "");
  EXPECT_EQ(id_in("PKCS11 function C_Sign failed: rv = 0x13"), "ckr-19");
  EXPECT_EQ(id_in("PKCS11 function C_Sign failed: rv = 0x13a"), "");
  EXPECT_EQ(id_in("CKR_ATTRIBUTE_VALUE_INVALID"), "ckr-19");
  EXPECT_EQ(id_in("C_Sign failed: 55 5"), "");
}

TEST(Messages, StartsAtAWord) {
  EXPECT_EQ(id_in("exec_login failed: 160"), "");
  EXPECT_EQ(id_in("xno tpm chip found"), "");
}

TEST(Messages, LetsOrdinaryLinesGoQuickly) {
  for (const char* line :
       {"", "x", "abc", "Nov 24 10:00:00 host CRON[1234]: (root) CMD (run-parts /etc/cron.hourly)",
        "Nov 24 10:00:00 host sshd[99]: Accepted publickey for user from 10.0.0.1 port 50022",
        "[    0.000000] IPv6: ADDRCONF(NETDEV_UP): eth0: link becomes ready"}) {
    EXPECT_EQ(find_message(line), nullptr) << line;
    EXPECT_FALSE(may_hold_message(line)) << line;
  }
}

}  // namespace
}  // namespace tpmprobe::explain
