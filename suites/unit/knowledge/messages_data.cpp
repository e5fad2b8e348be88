// SPDX-License-Identifier: BSD-2-Clause
// A wrong fact in messages/ must end the build with one line that names the place.
#include <gtest/gtest.h>

#include "suites/unit/knowledge/facts_copy.h"

namespace tpmprobe::knowledge {
namespace {

class MessagesData : public FactsCopy {
 protected:
  MessagesData() : FactsCopy({"messages", "codes", "commands.json"}, "messages_data.py") {}

  void replace(const std::string& old_text, const std::string& new_text) {
    replace_in("messages/openssh.json", old_text, new_text);
  }

  void expect_refused(const std::string& pointer, const std::string& what) const {
    expect_refused_in("openssh.json", pointer, what);
  }
};

TEST_F(MessagesData, BuildsFromTheFactsAsTheyAre) {
  EXPECT_EQ(build().output, "");
  EXPECT_EQ(build().status, 0);
}

TEST_F(MessagesData, RefusesAMissingKey) {
  replace("\"meaning\"", "\"meanings\"");
  expect_refused("/messages/0", "'meaning' is missing");
}

TEST_F(MessagesData, RefusesATextThatNoLineHas) {
  replace("\"agent refused operation\"", "\"Agent refused operation\"");
  expect_refused("/messages/0/texts/0", "small letters");
}

TEST_F(MessagesData, RefusesATextThatTooManyLinesHave) {
  replace("\"agent refused operation\"", "\"agent*no*\"");
  expect_refused("/messages/0/texts/0", "6 characters without a '*'");
}

TEST_F(MessagesData, RefusesATextThatStandsTwice) {
  replace("\"agent refused operation\"", "\"signing failed for\"");
  expect_refused("/messages/0/texts/2", "already in OpenSSH");
}

TEST_F(MessagesData, RefusesAWrongId) {
  replace("\"ssh-signing-failed\"", "\"ssh signing\"");
  expect_refused("/messages/0/id", "small letters, digits");
}

TEST_F(MessagesData, RefusesAnUnknownSeverity) {
  replace("\"follow-up\"", "\"bad\"");
  expect_refused("/messages/0/severity", "bad");
}

TEST_F(MessagesData, RefusesAnUnknownClass) {
  replace("\"unsupported-algorithm\"", "\"bad-luck\"");
  expect_refused("/messages/0/causes/0/class", "bad-luck");
}

TEST_F(MessagesData, RefusesAConditionThatOnlyCodesHave) {
  replace("\"context\"", "\"layer\"");
  expect_refused("/messages/0/causes/0/when", "'layer' is not allowed here");
}

TEST_F(MessagesData, RefusesASentenceWithoutAnEnd) {
  replace("did not get a signature from the key.", "did not get a signature");
  expect_refused("/messages/0/sentence", "full stop");
}

}  // namespace
}  // namespace tpmprobe::knowledge
