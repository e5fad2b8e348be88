// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "text/table.h"
#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

using Lines = std::vector<std::string>;

TextStyle width(int columns) {
  return {columns, false, true, false};
}

Table uses() {
  Table table({{"use"}, {"time", Column::Align::right}, {"why", Column::Align::left, true}});
  table.add_row({{"ssh.rsa2048"}, {"41 ms"}, {"works with SHA-256 and SHA-512 alike"}});
  table.add_row({{"ssh.ed25519"}, {""}, {"no TPM has it"}});
  return table;
}

TEST(Table, AlignsItsColumns) {
  EXPECT_EQ(uses().lines(width(100)),
            (Lines{"  use           time  why",
                   "  ssh.rsa2048  41 ms  works with SHA-256 and SHA-512 alike",
                   "  ssh.ed25519         no TPM has it"}));
}

TEST(Table, WrapsTheElasticColumn) {
  EXPECT_EQ(uses().lines(width(48)),
            (Lines{"  use           time  why", "  ssh.rsa2048  41 ms  works with SHA-256 and",
                   "                      SHA-512 alike", "  ssh.ed25519         no TPM has it"}));
}

TEST(Table, PutsTheElasticColumnBelowWhereThereIsNoRoom) {
  EXPECT_EQ(uses().lines(width(40)), (Lines{"  use           time", "  ssh.rsa2048  41 ms",
                                            "      works with SHA-256 and SHA-512", "      alike",
                                            "  ssh.ed25519", "      no TPM has it"}));
}

TEST(Table, ElidesWhenNothingElseHelps) {
  Table table({{"id"}, {"verdict"}});
  table.add_row({{"sign.ecdsa-p384-sha384"}, {"pass"}});
  const auto lines = table.lines(width(25));
  EXPECT_EQ(lines[1], "  sign.e...ha384  pass");
  for (const auto& line : lines) EXPECT_LE(display_width(line), 25);
}

TEST(Table, DoesNotCountColourAsWidth) {
  Table table({{""}, {""}});
  table.add_row({{"✔ pass", "38;5;33"}, {"a"}});
  table.add_row({{"unsupported"}, {"b"}});
  const auto lines = table.lines({100, true, true, false});
  EXPECT_EQ(lines[0], "  \x1b[38;5;33m✔ pass\x1b[0m       a");
  EXPECT_EQ(display_width(lines[0]), display_width(lines[1]));
}

TEST(Table, ColoursEachLineOfAWrappedCellAlone) {
  Table table({{"", Column::Align::left, true}});
  table.add_row({{"one two three four five six seven", "2"}});
  const auto lines = table.lines({28, true, true, false});
  ASSERT_EQ(lines.size(), 2U);
  for (const auto& line : lines) {
    EXPECT_TRUE(line.starts_with("  \x1b[2m"));
    EXPECT_TRUE(line.ends_with("\x1b[0m"));
  }
}

TEST(Table, HasNoColourWhereTheStyleHasNone) {
  EXPECT_EQ(painted("fail", "1", width(80)), "fail");
  EXPECT_EQ(painted("fail", "1", {80, true, true, false}), "\x1b[1mfail\x1b[0m");
}

TEST(Table, AColumnThatSaysWhatTheRowIsIsElidedLast) {
  Table table({{"way", Column::Align::left, false, true}, {"token"}, {"login"}});
  table.add_row({{"pkcs11.many-keys"}, {"a long explanation"}, {"OpenSSH"}});
  EXPECT_EQ(table.lines(width(40)).back(), "  pkcs11.many-keys  a lo...tion  OpenSSH");
  EXPECT_EQ(table.lines(width(30)).back(), "  pkcs1...keys  a ...n  Op...H");
}

}  // namespace
}  // namespace tpmprobe::text
