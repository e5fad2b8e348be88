// SPDX-License-Identifier: BSD-2-Clause
// Our decoder against Tss2_RC_Decode of libtss2-rc. Where the two differ on purpose, the reason is
// in docs/rc-decode.md under the number given here.
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <tss2/tss2_rc.h>

#include "explain/read/decoder_texts.h"
#include "knowledge/codes.h"

namespace tpmprobe::knowledge {
namespace {

std::string library_text(std::uint32_t rc) {
  return Tss2_RC_Decode(rc);
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Codes on which the library is wrong, or says less; the numbers are those of the document.
bool is_intended_difference(const DecodedRc& decoded) {
  const std::uint32_t low = decoded.value & 0xFFFFU;
  if (decoded.format == RcFormat::undefined) return true;                     // 1, 2
  if (decoded.layer == RcLayer::resource_manager_tpm) return true;            // 3
  if (decoded.layer == RcLayer::policy) return true;                          // 4
  if (decoded.layer == RcLayer::resource_manager && low < 0x80) return true;  // 5
  if (decoded.format == RcFormat::implementation_specific) return true;       // 6
  if (decoded.format == RcFormat::tpm12) return true;                         // 7
  // 8: the library counts parameters with three of the four bits.
  return decoded.format == RcFormat::format1 && decoded.where.place == RcPlace::parameter &&
         decoded.where.index > 7;
}

/// 9: the library prints "parameter(unk)" or "handle(unk)" where there is no position.
std::string expected_position(const DecodedRc& decoded) {
  if (decoded.where.place == RcPlace::none) return "(unk):";
  return std::string(to_string(decoded.where.place)) + "(" + std::to_string(decoded.where.index) +
         "):";
}

void compare(std::uint32_t rc) {
  const DecodedRc decoded = decode_rc(rc);
  if (rc == 0 || is_intended_difference(decoded)) return;
  const std::string text = library_text(rc);
  const CodeInfo* code = find_code(decoded);
  if (decoded.format == RcFormat::format1) {
    EXPECT_TRUE(has(text, expected_position(decoded))) << std::hex << rc << ' ' << text;
  }
  if (code == nullptr || code->decoder_texts.empty()) return;
  EXPECT_TRUE(text.ends_with(code->decoder_texts.front())) << std::hex << rc << ' ' << text;
}

TEST(SecondOpinion, LibraryAgreesOnAllCodesOfAllLayers) {
  for (const std::uint32_t layer : {0U, 6U, 7U, 8U, 9U, 10U, 11U, 12U, 13U}) {
    for (std::uint32_t low = 0; low <= 0xFFF; ++low) {
      compare((layer << 16U) | low);
      ASSERT_FALSE(testing::Test::HasFailure());
    }
  }
}

TEST(SecondOpinion, EveryCodeThatTheLibraryNamesIsInOurTable) {
  for (const std::uint32_t layer : {0U, 6U, 10U}) {
    for (std::uint32_t low = 1; low <= 0xFFF; ++low) {
      const DecodedRc decoded = decode_rc((layer << 16U) | low);
      if (is_intended_difference(decoded) || decoded.format == RcFormat::vendor) continue;
      const std::string text = library_text(decoded.value);
      const bool named = !has(text, "(null)") && !has(text, ":unknown ") &&
                         !has(text, ": unknown ") && !has(text, ":0x");
      EXPECT_TRUE(!named || find_code(decoded) != nullptr) << std::hex << decoded.value << text;
    }
  }
}

TEST(SecondOpinion, WhatTheLibraryPrintsIsReadBack) {
  for (const std::uint32_t layer : {0U, 6U, 7U, 8U, 9U, 10U, 11U}) {
    for (std::uint32_t low = 1; low <= 0xFFF; ++low) {
      const DecodedRc decoded = decode_rc((layer << 16U) | low);
      if (is_intended_difference(decoded) || find_code(decoded) == nullptr) continue;
      const std::string text = library_text(decoded.value);
      if (has(text, "not currently used")) continue;
      const auto read = explain::read_decoder_text(text);
      ASSERT_TRUE(read.has_value()) << text;
      EXPECT_EQ(decode_rc(*read).base, decoded.base) << text;
      EXPECT_EQ(decode_rc(*read).layer, decoded.layer) << text;
      EXPECT_EQ(decode_rc(*read).where, decoded.where) << text;
    }
  }
}

}  // namespace
}  // namespace tpmprobe::knowledge
