// SPDX-License-Identifier: BSD-2-Clause
#include <map>

#include <gtest/gtest.h>

#include "cli/terminal/terminal.h"

namespace tpmprobe::cli {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(Variables variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

const StreamFacts kTerminal{true, 132};
const StreamFacts kPipe{false, std::nullopt};

bool colour(const StreamFacts& stream, Variables variables,
            ColourChoice choice = ColourChoice::automatic) {
  return style_for(stream, environment(std::move(variables)), choice).colour;
}

int width(const StreamFacts& stream, Variables variables) {
  return style_for(stream, environment(std::move(variables)), ColourChoice::automatic).width;
}

bool unicode(Variables variables) {
  return style_for(kPipe, environment(std::move(variables)), ColourChoice::automatic).unicode;
}

TEST(TerminalColour, IsThereOnATerminalAndNotInAPipe) {
  EXPECT_TRUE(colour(kTerminal, {{"TERM", "xterm"}}));
  EXPECT_FALSE(colour(kPipe, {{"TERM", "xterm"}}));
}

TEST(TerminalColour, IsNotThereOnADumbOrUnknownTerminal) {
  EXPECT_FALSE(colour(kTerminal, {{"TERM", "dumb"}}));
  EXPECT_FALSE(colour(kTerminal, {}));
}

TEST(TerminalColour, ObeysNoColorUnlessItIsEmpty) {
  EXPECT_FALSE(colour(kTerminal, {{"TERM", "xterm"}, {"NO_COLOR", "0"}}));
  EXPECT_TRUE(colour(kTerminal, {{"TERM", "xterm"}, {"NO_COLOR", ""}}));
}

TEST(TerminalColour, ObeysCliColorForceUnlessItIsZero) {
  EXPECT_TRUE(colour(kPipe, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_FALSE(colour(kPipe, {{"CLICOLOR_FORCE", "0"}}));
  EXPECT_FALSE(colour(kPipe, {{"CLICOLOR_FORCE", ""}}));
  EXPECT_FALSE(colour(kPipe, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}));
}

TEST(TerminalColour, ObeysTheOptionBeforeAnythingElse) {
  EXPECT_TRUE(colour(kPipe, {{"NO_COLOR", "1"}, {"TERM", "dumb"}}, ColourChoice::always));
  EXPECT_FALSE(
      colour(kTerminal, {{"TERM", "xterm"}, {"CLICOLOR_FORCE", "1"}}, ColourChoice::never));
}

TEST(TerminalWidth, IsColumnsThenTheWindowThen100) {
  EXPECT_EQ(width(kTerminal, {{"COLUMNS", "70"}}), 70);
  EXPECT_EQ(width(kTerminal, {}), 132);
  EXPECT_EQ(width(kPipe, {}), 100);
  EXPECT_EQ(width(kPipe, {{"COLUMNS", "wide"}}), 100);
  EXPECT_EQ(width(kTerminal, {{"COLUMNS", "-3"}}), 132);
}

TEST(TerminalWidth, StaysReadable) {
  EXPECT_EQ(width(kTerminal, {{"COLUMNS", "3"}}), 40);
  EXPECT_EQ(width(kTerminal, {{"COLUMNS", "5000"}}), 240);
}

TEST(TerminalUnicode, IsDecidedByTheFirstLocaleVariableThatIsSet) {
  EXPECT_TRUE(unicode({{"LANG", "en_GB.UTF-8"}}));
  EXPECT_TRUE(unicode({{"LC_ALL", ""}, {"LC_CTYPE", "C.utf8"}}));
  EXPECT_FALSE(unicode({{"LC_ALL", "C"}, {"LANG", "en_GB.UTF-8"}}));
  EXPECT_FALSE(unicode({{"LANG", "de_DE.ISO-8859-1"}}));
  EXPECT_FALSE(unicode({}));
}

TEST(TerminalLinks, AreForTerminalsThatSayWhoTheyAre) {
  const auto links = [](const StreamFacts& stream, Variables variables) {
    return style_for(stream, environment(std::move(variables)), ColourChoice::automatic).links;
  };
  EXPECT_TRUE(links(kTerminal, {{"TERM", "xterm"}, {"VTE_VERSION", "6800"}}));
  EXPECT_FALSE(links(kTerminal, {{"TERM", "xterm"}}));
  EXPECT_FALSE(links(kPipe, {{"TERM", "xterm"}, {"VTE_VERSION", "6800"}}));
}

TEST(ParseColour, TakesTheThreeWords) {
  EXPECT_EQ(parse_colour("auto"), ColourChoice::automatic);
  EXPECT_EQ(parse_colour("always"), ColourChoice::always);
  EXPECT_EQ(parse_colour("never"), ColourChoice::never);
  EXPECT_FALSE(parse_colour("yes"));
}

}  // namespace
}  // namespace tpmprobe::cli
