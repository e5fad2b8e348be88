// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "suites/unit/knowledge/firmware_profile_support.h"

namespace tpmprobe::knowledge {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const json kWhole = json::parse(R"({
  "name": "ifx-1.2.3.4", "source": "measured",
  "algorithms": [["0x0001", "0x0009"], ["0x0004", "0x0004"]],
  "curves": ["0x0003"], "commands": ["0x0200015d"], "propertiesFixed": [["0x120", "0x20"]],
  "rsaBits": [2048], "aesBits": [], "curvesRefused": "0x2c4", "quirks": ["Q23"],
  "codes": [{"command": "Sign", "scheme": "0x001b", "rc": "0x2d2"}],
  "times": [{"command": "Create", "type": "0x0023", "curve": "0x0003", "ms": [2, 1, 3.5]}]
})");

std::string error_with(const char* pointer, const json& value) {
  auto file = kWhole;
  file[json::json_pointer(pointer)] = value;
  return error_of(read_profile, file.dump());
}

TEST(ReadProfile, TakesWhatTheFileSays) {
  const auto profile = read_profile(kWhole.dump());
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name, "ifx-1.2.3.4");
  EXPECT_EQ(profile->source, "measured");
  EXPECT_THAT(*profile->algorithms, ElementsAre(AlgorithmEntry{1, 9}, AlgorithmEntry{4, 4}));
  EXPECT_THAT(*profile->curves, ElementsAre(3));
  EXPECT_THAT(*profile->commands, ElementsAre(0x0200015d));
  EXPECT_EQ(profile->property(0x120), 32U);
  EXPECT_EQ(profile->property(0x121), std::nullopt);
  EXPECT_THAT(*profile->rsa_bits, ElementsAre(2048));
  EXPECT_THAT(*profile->aes_bits, IsEmpty());
  EXPECT_EQ(profile->curves_refused, 0x2c4U);
  EXPECT_THAT(profile->quirks, ElementsAre("Q23"));
  EXPECT_EQ(profile->codes.at(0).command, 0x15dU);
  EXPECT_EQ(profile->times.at(0).curve, 3);
  EXPECT_DOUBLE_EQ(profile->times.at(0).most_ms, 3.5);
}

TEST(ReadProfile, WhatIsNotSaidIsNotKnown) {
  const auto profile = read_profile(R"({"name": "x"})");
  ASSERT_TRUE(profile);
  EXPECT_FALSE(profile->algorithms || profile->curves || profile->commands);
  EXPECT_FALSE(profile->properties_fixed || profile->rsa_bits || profile->aes_bits);
  EXPECT_FALSE(profile->curves_refused);
  EXPECT_EQ(profile->property(0x120), std::nullopt);
}

TEST(ReadProfile, NamesEveryMistake) {
  EXPECT_EQ(error_of(read_profile, "{}"), ": 'name' is missing");
  EXPECT_EQ(error_of(read_profile, "[]"), ": must be an object");
  EXPECT_EQ(error_with("/name", ""), "/name: must not be empty");
  EXPECT_EQ(error_with("/source", 1), "/source: must be a string");
  EXPECT_EQ(error_with("/colour", 1), ": 'colour' is not allowed here");
  EXPECT_EQ(error_with("/curves", "0x3"), "/curves: must be an array");
  EXPECT_EQ(error_with("/curves/0", "0x10000"), "/curves/0: is longer than 16 bits");
  EXPECT_EQ(error_with("/commands/0", "0xz"), "/commands/0: '0xz' is not a number");
  EXPECT_EQ(error_with("/algorithms/0", {"0x0001"}), "/algorithms/0: must have two elements");
  EXPECT_EQ(error_with("/algorithms/1/0", "0x1"), "/algorithms/1: occurs twice");
  EXPECT_EQ(error_with("/propertiesFixed/0/0", "0x200"),
            "/propertiesFixed/0/0: is not a fixed TPM_PT");
  EXPECT_EQ(error_with("/rsaBits/0", 0), "/rsaBits/0: a key cannot have 0 bits");
  EXPECT_EQ(error_with("/curvesRefused", 0), "/curvesRefused: 0 is not a refusal");
  EXPECT_EQ(error_with("/quirks", {"Q1", "Q1"}), "/quirks/1: occurs twice");
  EXPECT_EQ(error_with("/codes/0/command", "Fly"), "/codes/0/command: unknown command 'Fly'");
  EXPECT_EQ(error_with("/codes/0/rc", "0x0"), "/codes/0/rc: 0 is not a refusal");
  EXPECT_EQ(error_with("/times/0/mode", 1), "/times/0: 'mode' is not allowed here");
}

TEST(ReadProfile, NamesTimesThatCannotBe) {
  const auto* order = "/times/0/ms: the average must be between minimum and maximum";
  EXPECT_EQ(error_with("/times/0/ms", {1, 2, 3}), order);
  EXPECT_EQ(error_with("/times/0/ms", {4, 2, 3}), order);
  EXPECT_EQ(error_with("/times/0/ms", {1, 1}), "/times/0/ms: must be average, minimum and maximum");
  EXPECT_EQ(error_with("/times/0/ms", {1, -1, 3}), "/times/0/ms: a time cannot be negative");
}

TEST(ReadProfile, EveryStartIsAnErrorOrAProfile) {
  EXPECT_EQ(read_all_starts(kWhole.dump()), 1U);
}

const json kReport = json::parse(R"({
  "schema_version": "1.0", "tpm": {"manufacturer": "STM ", "firmware": "1.512.0.0"},
  "capabilities": {
    "algorithms": [{"id": "0x0001", "name": "rsa", "attributes": "0x00000009"}],
    "curves": null,
    "commands": [{"id": "0x15d", "name": "TPM2_Sign", "attributes": "0x0200015d"}],
    "properties_fixed": [{"id": "0x120", "name": "TPM_PT_MAX_DIGEST", "value": 48}]},
  "results": [{"id": "key.rsa2048", "verdict": "pass"}, {"id": "key.rsa3072", "verdict": "blocked"},
              {"id": "key.rsa4096", "verdict": "unsupported"}, {"id": "key.p256", "verdict": "pass"}]
})");

TEST(ReadAnyProfile, TakesAReport) {
  const auto profile = any_profile(kReport.dump());
  EXPECT_EQ(profile.name, "stm-1.512.0.0");
  EXPECT_THAT(*profile.algorithms, ElementsAre(AlgorithmEntry{1, 9}));
  EXPECT_FALSE(profile.curves);
  EXPECT_THAT(*profile.commands, ElementsAre(0x0200015d));
  EXPECT_EQ(profile.property(0x120), 48U);
  EXPECT_THAT(*profile.rsa_bits, ElementsAre(2048));
}

TEST(ReadAnyProfile, TakesAReportOfCapabilitiesOnly) {
  auto report = kReport;
  report.erase("results");
  report.erase("tpm");
  const auto profile = any_profile(report.dump());
  EXPECT_EQ(profile.name, "report");
  EXPECT_FALSE(profile.rsa_bits);
}

TEST(ReadAnyProfile, ANameThatATerminalWouldActOnIsNone) {
  auto report = kReport;
  report["tpm"]["manufacturer"] = "A\x1b[2J";
  EXPECT_EQ(any_profile(report.dump()).name, "report");
}

TEST(ReadAnyProfile, NamesWhatIsWrongInAReport) {
  auto report = kReport;
  report["capabilities"]["commands"][0].erase("attributes");
  EXPECT_EQ(error_of(read_any_profile, report.dump()),
            "/capabilities/commands/0: 'attributes' is missing");
  report["capabilities"] = nullptr;
  EXPECT_EQ(error_of(read_any_profile, report.dump()),
            "/capabilities: the report has no capabilities");
}

TEST(ReadAnyProfile, TakesAFileOfOurs) {
  EXPECT_EQ(any_profile("\n " + kWhole.dump()).name, "ifx-1.2.3.4");
}

}  // namespace
}  // namespace tpmprobe::knowledge
