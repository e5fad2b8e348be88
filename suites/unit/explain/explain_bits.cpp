// SPDX-License-Identifier: BSD-2-Clause
#include <sstream>

#include <gmock/gmock.h>

#include "explain/text.h"

namespace tpmprobe::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> rows(std::uint32_t rc) {
  std::vector<std::string> rows;
  for (const auto& field : bit_fields(knowledge::decode_rc(rc))) {
    rows.push_back(std::to_string(field.high) + "-" + std::to_string(field.low) + " " +
                   field.digits + " " + field.meaning);
  }
  return rows;
}

TEST(ExplainBits, OfAParameter) {
  EXPECT_THAT(rows(0x1d5), ElementsAre("23-16 00000000 layer 0 (tpm)", "11-8 0001 parameter 1",
                                       "7-7 1 format 1", "6-6 1 the position counts parameters",
                                       "5-0 010101 error 0x15 of format 1"));
}

TEST(ExplainBits, OfASession) {
  EXPECT_THAT(rows(0x9a2),
              ElementsAre("23-16 00000000 layer 0 (tpm)", "11-11 1 the position counts sessions",
                          "10-8 001 session 1", "7-7 1 format 1",
                          "6-6 0 the position does not count parameters",
                          "5-0 100010 error 0x22 of format 1"));
}

TEST(ExplainBits, OfAWarningAndOfALayer) {
  EXPECT_THAT(rows(0x922),
              ElementsAre("23-16 00000000 layer 0 (tpm)", "11-11 1 warning",
                          "10-10 0 defined by the specification", "9-9 0 reserved",
                          "8-8 1 of a TPM 2.0", "7-7 0 format 0", "6-0 0100010 number 0x22"));
  EXPECT_THAT(rows(0xa000a), ElementsAre("23-16 00001010 layer 10 (tcti)",
                                         "15-0 0000000000001010 number 0xa of that layer"));
}

TEST(ExplainBits, AreShownOnlyIfAskedFor) {
  std::ostringstream plain, with_bits;
  write_text(explain(0x1d5), {}, plain);
  write_text(explain(0x1d5), {.bits = true}, with_bits);
  EXPECT_THAT(plain.str(), Not(HasSubstr("11-8")));
  EXPECT_THAT(with_bits.str(), HasSubstr("11-8     0001      parameter 1"));
}

}  // namespace
}  // namespace tpmprobe::explain
