// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "knowledge/rc.h"

namespace tpmprobe::knowledge {
namespace {

constexpr RcPosition parameter(std::uint8_t index) {
  return {RcPlace::parameter, index};
}
constexpr RcPosition handle(std::uint8_t index) {
  return {RcPlace::handle, index};
}
constexpr RcPosition session(std::uint8_t index) {
  return {RcPlace::session, index};
}

// The decoder is a constant expression: these hold before any test runs.
static_assert(decode_rc(0x1D5).where == parameter(1));
static_assert(decode_rc(0x1D5).base == 0x095);
static_assert(decode_rc(0x1D5).format == RcFormat::format1);
static_assert(decode_rc(0).format == RcFormat::success);

TEST(RcDecode, TellsParameterHandleAndSessionApart) {
  EXPECT_EQ(decode_rc(0x2C4).where, parameter(2));
  EXPECT_EQ(decode_rc(0x18B).where, handle(1));
  EXPECT_EQ(decode_rc(0x98E).where, session(1));
  EXPECT_EQ(decode_rc(0x9A2).where, session(1));
  EXPECT_EQ(decode_rc(0x9A2).base, 0x0A2);
}

TEST(RcDecode, CountsParametersWithAllFourBits) {
  EXPECT_EQ(decode_rc(0x8D5).where, parameter(8));
  EXPECT_EQ(decode_rc(0xFD5).where, parameter(15));
}

TEST(RcDecode, TakesNumberZeroAsNoPosition) {
  EXPECT_EQ(decode_rc(0x084).where, RcPosition{});
  EXPECT_EQ(decode_rc(0x0D5).where, RcPosition{});
  EXPECT_EQ(decode_rc(0x895).where, RcPosition{}) << "session 0";
  EXPECT_EQ(decode_rc(0x0D5).base, 0x095);
}

TEST(RcDecode, TestsBit7BeforeTheWarningBit) {
  EXPECT_EQ(decode_rc(0x921).format, RcFormat::format0_warning);
  EXPECT_EQ(decode_rc(0x921).severity, RcSeverity::warning);
  EXPECT_EQ(decode_rc(0x9A2).format, RcFormat::format1);
  EXPECT_EQ(decode_rc(0x9A2).severity, RcSeverity::error);
}

TEST(RcDecode, SaysWhichReferenceIsNotLoaded) {
  EXPECT_EQ(decode_rc(0x910).where, handle(1));
  EXPECT_EQ(decode_rc(0x916).where, handle(7));
  EXPECT_EQ(decode_rc(0x917).where, RcPosition{});
  EXPECT_EQ(decode_rc(0x91E).where, session(7));
  EXPECT_EQ(decode_rc(0x910).base, 0x910) << "each has a symbol of its own";
}

TEST(RcDecode, KnowsTpm12AndVendorCodes) {
  EXPECT_EQ(decode_rc(0x01E).format, RcFormat::tpm12);
  EXPECT_EQ(decode_rc(0x026).format, RcFormat::tpm12);
  EXPECT_EQ(decode_rc(0x500).format, RcFormat::vendor);
  EXPECT_EQ(decode_rc(0xD21).format, RcFormat::vendor);
}

TEST(RcDecode, CallsReservedBitsUndefinedAndNeverSuccess) {
  for (const std::uint32_t rc : {0x300U, 0x1000U, 0x11D5U, 0x70000U, 0x10001U, 0x50001U, 0xE0001U,
                                 0xFFFFFFU, 0x1000000U, 0x800001D5U, 0xFFFFFFFFU, 0xDEADBEEFU}) {
    EXPECT_EQ(decode_rc(rc).format, RcFormat::undefined) << std::hex << rc;
    EXPECT_EQ(decode_rc(rc).severity, RcSeverity::error) << std::hex << rc;
  }
}

TEST(RcDecode, ReadsBaseCodesOfSoftwareLayers) {
  const DecodedRc decoded = decode_rc(0xA000A);
  EXPECT_EQ(decoded.layer, RcLayer::tcti);
  EXPECT_EQ(decoded.format, RcFormat::base);
  EXPECT_EQ(decoded.base, 10);
  EXPECT_EQ(decode_rc(0x600C4).format, RcFormat::base) << "bit 7 means nothing outside the TPM";
  EXPECT_EQ(decode_rc(0xAF801).format, RcFormat::implementation_specific);
  EXPECT_EQ(decode_rc(0xD0001).layer, RcLayer::policy);
}

TEST(RcDecode, ReadsTpmCodesOfBothResourceManagerLayers) {
  for (const std::uint32_t layer : {0xB0000U, 0xC0000U}) {
    EXPECT_EQ(decode_rc(layer | 0x143).format, RcFormat::format0_error);
    EXPECT_EQ(decode_rc(layer | 0x902).base, 0x902);
    EXPECT_EQ(decode_rc(layer | 0x1D5).where, parameter(1));
    EXPECT_EQ(decode_rc(layer | 0x001).format, RcFormat::base);
    EXPECT_EQ(decode_rc(layer | 0x800).format, RcFormat::implementation_specific) << "tpm2-abrmd";
    EXPECT_EQ(decode_rc(layer | 0xF980).format, RcFormat::implementation_specific);
  }
}

/// What holds of every code, whatever it is.
void expect_consistent(const DecodedRc& decoded) {
  const auto low = decoded.value & 0xFFFFU;
  EXPECT_EQ(decoded.format == RcFormat::success, decoded.value == 0);
  EXPECT_EQ(decoded.where.place == RcPlace::none, decoded.where.index == 0);
  EXPECT_LE(decoded.where.index, decoded.where.place == RcPlace::parameter ? 15 : 7);
  if (decoded.format == RcFormat::format1) {
    EXPECT_EQ(decoded.base & ~0x3FU, 0x80U);
    if (decoded.where.place != RcPlace::none) {
      EXPECT_EQ(with_position(decoded.base, decoded.where), low);
    }
  } else {
    EXPECT_EQ(decoded.base, low);
  }
  EXPECT_EQ(decoded.severity == RcSeverity::warning, decoded.format == RcFormat::format0_warning);
}

TEST(RcDecode, IsConsistentOverAllValuesOfAllLayers) {
  for (std::uint32_t layer = 0; layer <= 16; ++layer) {
    for (std::uint32_t low = 0; low <= 0xFFFF; ++low) {
      expect_consistent(decode_rc((layer << 16U) | low));
      ASSERT_FALSE(testing::Test::HasFailure()) << std::hex << layer << ' ' << low;
    }
  }
}

TEST(RcDecode, GivesBothResourceManagerLayersTheSameReading) {
  for (std::uint32_t low = 0; low <= 0xFFFF; ++low) {
    DecodedRc other = decode_rc(0xC0000 | low);
    other.layer = RcLayer::resource_manager;
    other.layer_number = 11;
    other.value = 0xB0000 | low;
    ASSERT_EQ(other, decode_rc(0xB0000 | low));
  }
}

TEST(RcDecode, NamesRetryCodes) {
  EXPECT_TRUE(is_retry_code(0x922));
  EXPECT_TRUE(is_retry_code(0x908));
  EXPECT_TRUE(is_retry_code(0x90A));
  EXPECT_FALSE(is_retry_code(0x920)) << "the TSS does not repeat a command after NV_RATE";
  EXPECT_FALSE(is_retry_code(0x921));
}

TEST(RcDecode, HasWordsForTheReports) {
  EXPECT_EQ(to_string(RcLayer::resource_manager_tpm), "rm");
  EXPECT_EQ(to_string(RcLayer::esys), "esys");
  EXPECT_EQ(to_string(RcFormat::format0_warning), "format0-warning");
  EXPECT_EQ(to_string(RcPlace::session), "session");
  EXPECT_EQ(to_string(RcSeverity::follow_up), "follow-up");
}

}  // namespace
}  // namespace tpmprobe::knowledge
