// SPDX-License-Identifier: BSD-2-Clause
// A wrong fact in codes/ must end the build with one line that names the place.
#include <gtest/gtest.h>

#include "suites/unit/knowledge/facts_copy.h"

namespace tpmprobe::knowledge {
namespace {

class CodesData : public FactsCopy {
 protected:
  CodesData() : FactsCopy({"codes", "commands.json"}, "codes_data.py") {}

  void replace(const std::string& old_text, const std::string& new_text,
               const std::string& name = "0x095-size.json") {
    replace_in("codes/" + name, old_text, new_text);
  }

  void expect_refused(const std::string& pointer, const std::string& what) const {
    expect_refused_in("0x095-size.json", pointer, what);
  }
};

TEST_F(CodesData, BuildsFromTheFactsAsTheyAre) {
  EXPECT_EQ(build().output, "");
  EXPECT_EQ(build().status, 0);
}

TEST_F(CodesData, RefusesAnUnknownKey) {
  replace("\"meaning\"", "\"meanings\": \"x\", \"meaning\"");
  expect_refused("/", "meanings");
}

TEST_F(CodesData, RefusesAMissingKey) {
  replace("\"fix\"", "\"fixes\"");
  expect_refused("/causes/0", "'fix' is missing");
}

TEST_F(CodesData, RefusesAKeyThatStandsTwice) {
  replace("\"meaning\"", "\"symbol\": \"x\", \"meaning\"");
  expect_refused("/", "symbol");
}

TEST_F(CodesData, RefusesAnUnknownClass) {
  replace("\"unsupported-algorithm\"", "\"bad-luck\"");
  expect_refused("/causes/0/class", "bad-luck");
}

TEST_F(CodesData, RefusesAnUnknownCommand) {
  replace("\"command\": \"Sign\"", "\"command\": \"Sing\"");
  expect_refused("/causes/0/when/command", "'Sing' is not a command");
}

TEST_F(CodesData, RefusesAFieldThatTheCommandDoesNotHave) {
  replace("\"parameter\": \"digest\"", "\"parameter\": \"nonce\"");
  expect_refused("/causes/0/when/parameter", "'nonce'");
}

TEST_F(CodesData, RefusesANumberOfAnotherFormat) {
  replace("\"0x095\"", "\"0x902\"");
  expect_refused("/number", "format1");
}

TEST_F(CodesData, RefusesANumberThatAnotherFileHas) {
  replace("\"0x095\"", "\"0x092\"");
  expect_refused("/number", "already in 0x092-scheme.json");
}

TEST_F(CodesData, RefusesASymbolThatAnotherFileHas) {
  replace("\"TPM_RC_SIZE\"", "\"TPM_RC_SCHEME\"");
  expect_refused("/symbol", "already in 0x092-scheme.json");
}

TEST_F(CodesData, RefusesAContextWordThatNoTextCanHave) {
  replace("\"nistp384\"", "\"NistP384\"");
  expect_refused("/causes/0/when/context/0", "small letters");
}

TEST_F(CodesData, RefusesAnEmptyText) {
  replace("\"structure is the wrong size\"", "\" \"");
  expect_refused("/clause", "not empty");
}

}  // namespace
}  // namespace tpmprobe::knowledge
