// SPDX-License-Identifier: BSD-2-Clause
#include <variant>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "knowledge/quirk/quirk.h"

namespace tpmprobe::knowledge {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A whole file, with one change.
json file_with(const char* pointer, const json& value) {
  auto file = json::parse(R"({
    "id": "Q99", "name": "some-defect", "title": "t", "kind": "defect", "severity": "warning",
    "seenOn": "s", "diagnosis": "d", "advice": "a", "toolsSee": "u",
    "symptoms": [{"results": ["key.*"], "verdicts": ["fail"], "evidence": ["key.name"],
                  "codes": ["0x1d5"], "commands": ["Sign"]}],
    "rules": [{"when": {"commands": ["TPM2_Sign"]}, "effect": {"neverAnswer": {}}}]
  })");
  if (*pointer != '\0') file[json::json_pointer(pointer)] = value;
  return file;
}

Quirk quirk_with(const char* pointer, const json& value) {
  const auto quirk = read_quirk(file_with(pointer, value).dump());
  EXPECT_TRUE(quirk) << quirk.error().pointer << ": " << quirk.error().reason;
  return quirk.value_or(Quirk{});
}

QuirkEffect effect(const char* text) {
  const Quirk quirk = quirk_with("/rules/0/effect", json::parse(text));
  return quirk.rules.empty() ? QuirkEffect{} : quirk.rules.front().effect;
}

TEST(ReadQuirk, TakesWhatTheFileSays) {
  const Quirk quirk =
      quirk_with("/firmware", json::parse(R"([{"manufacturer": "AMD", "from": 1}])"));
  EXPECT_EQ(quirk.id, "Q99");
  EXPECT_EQ(quirk.name, "some-defect");
  EXPECT_FALSE(quirk.is_limit);
  EXPECT_EQ(quirk.severity, "warning");
  EXPECT_EQ(quirk.seen_on, "s");
  EXPECT_EQ(quirk.tools_see, "u");
  ASSERT_EQ(quirk.firmware.size(), 1U);
  EXPECT_EQ(quirk.firmware[0].manufacturer, "AMD");
  EXPECT_EQ(quirk.firmware[0].from, 1U);
  EXPECT_EQ(quirk.firmware[0].to, UINT64_MAX);
  ASSERT_EQ(quirk.symptoms.size(), 1U);
  EXPECT_THAT(quirk.symptoms[0].results, ElementsAre("key.*"));
  EXPECT_THAT(quirk.symptoms[0].verdicts, ElementsAre("fail"));
  EXPECT_THAT(quirk.symptoms[0].evidence, ElementsAre("key.name"));
  EXPECT_THAT(quirk.symptoms[0].codes, ElementsAre(0x1d5));
  EXPECT_THAT(quirk.symptoms[0].commands, ElementsAre(0x15d));
  EXPECT_THAT(quirk.rules.at(0).when.commands, ElementsAre(0x15d));
  EXPECT_TRUE(quirk_with("/kind", "limit").is_limit);
  EXPECT_EQ(quirk_with("/consequences", file_with("", {})["symptoms"]).consequences.size(), 1U);
}

TEST(ReadQuirk, TakesEveryCondition) {
  const auto when = quirk_with("/rules/0/when", json::parse(R"({
    "except": ["Startup"], "handles": ["0x40000001"], "loadedObjects": 2, "firstMs": 500,
    "values": [{"path": "...keyBits", "values": [3072], "type": "TPMI_RSA_KEY_BITS"}],
    "ranges": [{"path": "digest.size", "atLeast": 33, "atMost": 64}],
    "calls": {"from": 2, "count": 3, "every": 4}})"))
                        .rules.at(0)
                        .when;
  EXPECT_THAT(when.except, ElementsAre(0x144));
  EXPECT_THAT(when.handles, ElementsAre(0x40000001));
  EXPECT_EQ(when.loaded_objects, 2U);
  EXPECT_EQ(when.first, std::chrono::milliseconds(500));
  EXPECT_EQ(when.values.at(0).path, "...keyBits");
  EXPECT_THAT(when.values.at(0).values, ElementsAre(3072));
  EXPECT_EQ(when.values.at(0).type, "TPMI_RSA_KEY_BITS");
  EXPECT_EQ(when.ranges.at(0).at_least, 33U);
  EXPECT_EQ(when.ranges.at(0).at_most, 64U);
  EXPECT_EQ(when.calls.from, 2U);
  EXPECT_EQ(when.calls.count, 3U);
  EXPECT_EQ(when.calls.every, 4U);
}

TEST(ReadQuirk, TakesEffectsOnAnswers) {
  const auto answer =
      std::get<AnswerCode>(effect(R"({"answer": {"rc": "0x095", "atParameter": true}})"));
  EXPECT_EQ(answer.rc, 0x95U);
  EXPECT_TRUE(answer.at_parameter);
  EXPECT_TRUE(std::get<RepeatAnswer>(effect(R"({"repeatAnswer": {"moreData": true}})")).more_data);
  EXPECT_TRUE(std::holds_alternative<NeverAnswer>(effect(R"({"neverAnswer": {}})")));
  EXPECT_EQ(std::get<Delay>(effect(R"({"delay": {"ms": 3}})")).time, std::chrono::milliseconds(3));
  EXPECT_TRUE(std::holds_alternative<CloseConnection>(effect(R"({"closeConnection": {}})")));
  const auto cut = std::get<Truncate>(effect(R"({"truncate": {"octets": 4, "fixSize": true}})"));
  EXPECT_EQ(cut.octets, 4U);
  EXPECT_TRUE(cut.fix_size);
  const auto append = std::get<Append>(effect(R"({"append": {"hex": "00fF"}})"));
  EXPECT_THAT(append.octets, ElementsAre(0, 0xff));
  EXPECT_FALSE(append.fix_size);
  EXPECT_EQ(std::get<SetTag>(effect(R"({"setTag": {"tag": "0x00c4"}})")).tag, 0xc4);
  EXPECT_EQ(std::get<SetSize>(effect(R"({"setSize": {"size": 6}})")).size, 6U);
  EXPECT_TRUE(std::holds_alternative<Echo>(effect(R"({"echo": {}})")));
}

TEST(ReadQuirk, TakesEffectsOnCapabilities) {
  const auto hide = std::get<HideCapability>(
      effect(R"({"hideCapability": {"list": "commands", "entries": ["Sign"]}})"));
  EXPECT_EQ(hide.list, CapabilityList::commands);
  EXPECT_THAT(hide.entries, ElementsAre(0x15d));
  const auto add = std::get<AddCapability>(effect(
      R"({"addCapability": {"list": "properties", "entries": [{"key": "0x207", "value": 3}]}})"));
  EXPECT_EQ(add.list, CapabilityList::properties);
  EXPECT_EQ(add.entries.at(0).key, 0x207U);
  EXPECT_EQ(add.entries.at(0).value, 3U);
  const auto set =
      std::get<SetProperty>(effect(R"({"setProperty": {"property": "0x120", "value": 32}})"));
  EXPECT_EQ(set.property, 0x120U);
  EXPECT_EQ(set.value, 32U);
}

TEST(ReadQuirk, TakesEffectsOnFieldsAndKeys) {
  const auto response = std::get<ChangeResponse>(
      effect(R"({"changeResponse": {"path": "a.b", "change": "flipBit", "value": 7}})"));
  EXPECT_EQ(response.path, "a.b");
  EXPECT_EQ(response.change, Change::flip_bit);
  EXPECT_EQ(response.value, 7U);
  const auto command = std::get<ChangeCommand>(
      effect(R"({"changeCommand": {"path": "a", "change": "stripLeadingZeros"}})"));
  EXPECT_EQ(command.change, Change::strip_leading_zeros);
  const auto until = std::get<UntilLeadingZero>(
      effect(R"({"untilLeadingZero": {"paths": ["r", "s"], "tries": 9}})"));
  EXPECT_THAT(until.paths, ElementsAre("r", "s"));
  EXPECT_EQ(until.tries, 9U);
  EXPECT_EQ(std::get<WeakRandom>(effect(R"({"weakRandom": {"seedBits": 8}})")).seed_bits, 8U);
  const auto ecc =
      std::get<ReSignEcc>(effect(R"({"reSignEcc": {"nonce": "shortNumber", "bits": 64}})"));
  EXPECT_EQ(ecc.nonce, NonceShape::short_number);
  EXPECT_EQ(ecc.bits, 64U);
  EXPECT_EQ(std::get<ReSignPss>(effect(R"({"reSignPss": {"salt": "empty"}})")).salt,
            SaltShape::empty);
  const auto key =
      std::get<SubstituteKey>(effect(R"({"substituteKey": {"type": "0x0001", "shape": "roca"}})"));
  EXPECT_EQ(key.type, 1);
  EXPECT_EQ(key.shape, KeyShape::roca);
}

struct Wrong {
  const char* change;  ///< where
  const char* value;
  const char* pointer;  ///< what is said to be wrong
  const char* reason;
};

class WrongQuirk : public testing::TestWithParam<Wrong> {};

TEST_P(WrongQuirk, IsRefusedWithPointerAndReason) {
  const Wrong& wrong = GetParam();
  const auto quirk = read_quirk(file_with(wrong.change, json::parse(wrong.value)).dump());
  ASSERT_FALSE(quirk);
  EXPECT_EQ(quirk.error().pointer, wrong.pointer);
  EXPECT_THAT(quirk.error().reason, HasSubstr(wrong.reason));
  EXPECT_EQ(quirk.error().reason.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Of, WrongQuirk,
    testing::Values(
        Wrong{"/extra", "1", "", "'extra' is not allowed here"},
        Wrong{"/id", "\"\"", "/id", "empty"}, Wrong{"/id", "\"Q 1\"", "/id", "letters"},
        Wrong{"/name", "7", "/name", "must be a string"},
        Wrong{"/kind", "\"feature\"", "/kind", "'feature'"},
        Wrong{"/severity", "\"fatal\"", "/severity", "'fatal'"},
        Wrong{"/firmware", "[{\"from\": 1}]", "/firmware/0", "'manufacturer' is missing"},
        Wrong{"/firmware", "[{\"manufacturer\": \"A\", \"from\": 2, \"to\": 1}]", "/firmware/0",
              "no version"},
        Wrong{"/symptoms/0/evidence", "[\"key.nothing\"]", "/symptoms/0/evidence/0",
              "'key.nothing'"},
        Wrong{"/symptoms/0/verdicts", "[\"passed\"]", "/symptoms/0/verdicts/0", "'passed'"},
        Wrong{"/symptoms/0/commands", "[\"Sing\"]", "/symptoms/0/commands/0", "'Sing'"},
        Wrong{"/symptoms/0/codes", "[\"469\"]", "/symptoms/0/codes/0", "number"},
        Wrong{"/symptoms/0", "{}", "/symptoms/0", "every TPM"},
        Wrong{"/symptoms", "{}", "/symptoms", "array"},
        Wrong{"/rules/0/when/commands", "[\"Sing\"]", "/rules/0/when/commands/0", "'Sing'"},
        Wrong{"/rules/0/when/ranges", "[{\"path\": \"a\", \"atLeast\": 2, \"atMost\": 1}]",
              "/rules/0/when/ranges/0", "no number"},
        Wrong{"/rules/0/when/values", "[{\"path\": \"a\"}]", "/rules/0/when/values/0",
              "'values' is missing"},
        Wrong{"/rules/0/when/calls", "{\"every\": 0}", "/rules/0/when/calls", "from 1"},
        Wrong{"/rules/0/when/cals", "{}", "/rules/0/when", "'cals'"},
        Wrong{"/rules/0", "{}", "/rules/0", "'effect' is missing"},
        Wrong{"/rules/0/effect", "{}", "/rules/0/effect", "one member"},
        Wrong{"/rules/0/effect", "{\"echo\": {}, \"delay\": {\"ms\": 1}}", "/rules/0/effect",
              "one member"},
        Wrong{"/rules/0/effect", "{\"explode\": {}}", "/rules/0/effect", "'explode'"},
        Wrong{"/rules/0/effect", "{\"answer\": {}}", "/rules/0/effect/answer", "'rc' is missing"},
        Wrong{"/rules/0/effect", "{\"answer\": {\"rc\": \"0x100000000\"}}",
              "/rules/0/effect/answer/rc", "32 bits"},
        Wrong{"/rules/0/effect", "{\"append\": {\"hex\": \"0\"}}", "/rules/0/effect/append/hex",
              "pairs"},
        Wrong{"/rules/0/effect", "{\"hideCapability\": {\"list\": \"colours\", \"entries\": []}}",
              "/rules/0/effect/hideCapability/list", "'colours'"},
        Wrong{"/rules/0/effect", "{\"addCapability\": {\"list\": \"pcr_banks\", \"entries\": []}}",
              "/rules/0/effect/addCapability/list", "PCR banks"},
        Wrong{"/rules/0/effect", "{\"changeResponse\": {\"path\": \"a\", \"change\": \"set\"}}",
              "/rules/0/effect/changeResponse", "'value' is missing"},
        Wrong{"/rules/0/effect", "{\"reSignPss\": {\"salt\": \"pepper\"}}",
              "/rules/0/effect/reSignPss/salt", "'pepper'"}));

TEST(ReadQuirk, RefusesAFileWithoutSomethingThatItMustSay) {
  for (const char* name : {"id", "name", "title", "kind", "severity", "seenOn", "diagnosis",
                           "advice", "toolsSee", "symptoms", "rules"}) {
    auto file = file_with("", {});
    file.erase(name);
    const auto quirk = read_quirk(file.dump());
    ASSERT_FALSE(quirk) << name;
    EXPECT_EQ(quirk.error().pointer, "");
    EXPECT_THAT(quirk.error().reason, HasSubstr(std::string("'") + name + "' is missing"));
  }
}

TEST(ReadQuirk, RefusesWhatIsNoJson) {
  EXPECT_FALSE(read_quirk(""));
  EXPECT_FALSE(read_quirk("{"));
  EXPECT_FALSE(read_quirk("[]"));
}

}  // namespace
}  // namespace tpmprobe::knowledge
