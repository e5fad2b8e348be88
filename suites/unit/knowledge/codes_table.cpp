// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <set>

#include <gmock/gmock.h>

#include "knowledge/codes.h"
#include "suites/support/not_empty.h"

namespace tpmprobe::knowledge {
namespace {

const CodeInfo* find(std::uint32_t rc) {
  return find_code(decode_rc(rc));
}

TEST(CodesTable, HasEveryCodeOfTheSpecifications) {
  std::set<std::uint32_t> missing;
  const auto need = [&](std::uint32_t rc) {
    if (find(rc) == nullptr) missing.insert(rc);
  };
  for (std::uint32_t base = 1; base <= 54; ++base) need(0x60000 | base);
  for (const std::uint32_t rc :
       {0x100, 0x101, 0x103, 0x10B, 0x119, 0x120, 0x121, 0x124, 0x125, 0x126, 0x127,
        0x128, 0x12D, 0x12E, 0x12F, 0x130, 0x131, 0x142, 0x143, 0x144, 0x145, 0x146,
        0x147, 0x148, 0x149, 0x14A, 0x14B, 0x14C, 0x150, 0x151, 0x152, 0x153, 0x154,
        0x155, 0x17F, 0x920, 0x921, 0x922, 0x923, 0x97F, 0x01E, 0x026}) {
    need(rc);
  }
  for (std::uint32_t rc = 0x901; rc <= 0x91E; ++rc) {
    if ((rc > 0x90A && rc < 0x910) || rc == 0x917) continue;
    need(rc);
  }
  for (std::uint32_t error = 1; error <= 0x29; ++error) {
    constexpr std::array kGaps{0x06U, 0x11U, 0x13U, 0x14U, 0x19U, 0x1EU};
    if (std::ranges::find(kGaps, error) == kGaps.end()) need(0x80 | error);
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

TEST(CodesTable, HasNothingInTheGaps) {
  for (const std::uint32_t rc : {0x1C6U, 0x180U, 0x102U, 0x917U, 0x90BU, 0x70037U, 0x020U}) {
    EXPECT_EQ(find(rc), nullptr) << std::hex << rc;
  }
}

TEST(CodesTable, DoesNotMixUpTpm12AndBaseCodes) {
  EXPECT_EQ(find(0x01E)->symbol, "TPM_RC_BAD_TAG");
  EXPECT_EQ(find(0x6001E)->symbol, "TSS2_BASE_RC_NOT_DELETABLE");
}

TEST(CodesTable, GivesCausesForWhatTheFieldMeets) {
  for (const std::uint32_t rc :
       {0x1D5,   0x902,   0x903,   0x901,   0x921,   0x922,   0x98E,   0x9A2,   0x1DF,   0x2C4,
        0x2C3,   0x2CA,   0x2D2,   0x1C4,   0x18B,   0x185,   0x101,   0x100,   0x14B,   0x14C,
        0x143,   0xB0143, 0x99D,   0x90A,   0x920,   0x908,   0xA0008, 0xA000A, 0xA0001, 0x60034,
        0x60025, 0x6000B, 0x70007, 0x70018, 0x7001B, 0x80001, 0x80007, 0x80011, 0x90010, 0x60024}) {
    const DecodedRc decoded = decode_rc(rc);
    const CodeInfo* code = find_code(decoded);
    ASSERT_NE(code, nullptr) << std::hex << rc;
    EXPECT_TRUE(std::ranges::any_of(
        code->causes, [&](const Cause& cause) { return applies(cause, decoded, nullptr); }))
        << std::hex << rc;
  }
}

TEST(CodesTable, WritesSymbolsWithTheirLayer) {
  EXPECT_EQ(symbol_of(decode_rc(0x1D5)), "TPM_RC_SIZE");
  EXPECT_EQ(symbol_of(decode_rc(0xB0143)), "TPM_RC_COMMAND_CODE");
  EXPECT_EQ(symbol_of(decode_rc(0xA000A)), "TSS2_TCTI_RC_IO_ERROR");
  EXPECT_EQ(symbol_of(decode_rc(0x70018)), "TSS2_ESYS_RC_BAD_TR");
  EXPECT_EQ(symbol_of(decode_rc(0x1C6)), "");
}

TEST(CodesTable, FindsSymbolsInEverySpelling) {
  EXPECT_EQ(find_symbol("TPM_RC_SIZE"), 0x095U);
  EXPECT_EQ(find_symbol("tpm2_rc_size"), 0x095U);
  EXPECT_EQ(find_symbol("TPM_RCS_SIZE"), 0x095U);
  EXPECT_EQ(find_symbol("TSS2_ESYS_RC_BAD_TR"), 0x70018U);
  EXPECT_EQ(find_symbol("TSS2_ESAPI_RC_BAD_TR"), 0x70018U);
  EXPECT_EQ(find_symbol("TSS2_FAPI_RC_NOT_PROVISIONED"), 0x60034U);
  EXPECT_EQ(find_symbol("TSS2_BASE_RC_NO_CERT", RcLayer::fapi), 0x60025U);
  EXPECT_EQ(find_symbol("TPM_RC_NONSENSE"), std::nullopt);
  EXPECT_EQ(find_symbol("SIZE"), std::nullopt);
}

TEST(CodesTable, ReadsItsOwnSymbolsBack) {
  for (const CodeInfo& code : suites::not_empty(codes())) {
    const RcLayer layer = RcLayer::sys;
    const auto found = find_symbol(code.symbol, layer);
    ASSERT_TRUE(found.has_value()) << code.symbol;
    EXPECT_EQ(*found & 0xFFFFU, code.number) << code.symbol;
  }
}

TEST(CodesTable, NamesParametersAndHandles) {
  const CommandInfo* sign = find_command("Sign");
  ASSERT_NE(sign, nullptr);
  EXPECT_EQ(place_name(*sign, {RcPlace::parameter, 1}), "digest");
  EXPECT_EQ(place_name(*sign, {RcPlace::parameter, 2}), "inScheme");
  EXPECT_EQ(place_name(*sign, {RcPlace::handle, 1}), "keyHandle");
  EXPECT_EQ(place_name(*sign, {RcPlace::parameter, 9}), "");
  EXPECT_EQ(place_name(*sign, {RcPlace::session, 1}), "");
  const CommandInfo* flush = find_command("FlushContext");
  EXPECT_EQ(place_name(*flush, {RcPlace::parameter, 1}), "flushHandle") << "it is a parameter";
}

/// The causes of a code that can be, as their first words.
std::vector<std::string_view> summaries(std::uint32_t rc, const char* command) {
  const DecodedRc decoded = decode_rc(rc);
  std::vector<std::string_view> result;
  for (const Cause& cause : find_code(decoded)->causes) {
    if (applies(cause, decoded, command != nullptr ? find_command(command) : nullptr)) {
      result.push_back(cause.summary.substr(0, 17));
    }
  }
  return result;
}

TEST(CodesTable, BindsCausesToCommandAndField) {
  EXPECT_THAT(summaries(0x1D5, "Quote"), testing::ElementsAre("The nonce is long"));
  EXPECT_THAT(summaries(0x1D5, "Load"), testing::ElementsAre("The private blob "));
  EXPECT_THAT(summaries(0x2D5, "Sign"), testing::IsEmpty()) << "parameter 2 is no digest";
}

TEST(CodesTable, KeepsCausesThatFitThePositionIfTheCommandIsUnknown) {
  EXPECT_THAT(summaries(0x1D5, nullptr), testing::Contains("The private blob "));
  EXPECT_THAT(summaries(0x3D5, nullptr), testing::ElementsAre("The duplicate blo"));
}

TEST(CodesTable, BindsCausesToLayers) {
  EXPECT_THAT(summaries(0xB0143, nullptr), testing::Contains("The kernel resour"));
  EXPECT_THAT(summaries(0xC0143, nullptr), testing::Contains("The kernel resour"));
  EXPECT_THAT(summaries(0x143, nullptr), testing::Not(testing::Contains("The kernel resour")));
}

}  // namespace
}  // namespace tpmprobe::knowledge
