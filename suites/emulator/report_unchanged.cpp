// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"
#include "suites/support/raw_commands.h"

/// A run changes nothing that anybody could find again.
namespace tpmprobe::suites {
namespace {

class UnchangedTpm : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    load_foreign_object();
    ASSERT_EQ(code(raw::kNvDefine), 0U);
    make_persistent();
    ASSERT_EQ(code(kExtendPcr16), 0U);
  }

  /// An object of the owner at 81000001.
  void make_persistent() {
    const Bytes create =
        authorized(0x131, "40000001",
                   "0004 0000 0000 001a 0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010"
                   "0000 0000 0000 00000000");
    ASSERT_EQ(code(create), 0U);
    ASSERT_EQ(code(authorized(0x120, "40000001 80000001", "81000001")), 0U);
    ASSERT_EQ(code(plain(0x165, "80000001")), 0U);
  }

  /// Whatever TPM2_GetCapability and TPM2_PCR_Read say, without the clock.
  std::vector<Bytes> everything() {
    std::vector<Bytes> all;
    for (const std::uint32_t first : {0x00000000U, 0x01000000U, 0x02000000U, 0x03000000U,
                                      0x40000000U, 0x80000000U, 0x81000000U}) {
      all.push_back(send(get_capability(1, first, 1000)));
    }
    for (const std::uint32_t list : {0U, 2U, 3U, 4U, 5U, 7U, 8U}) {
      all.push_back(send(get_capability(list, 0, 1000)));
    }
    all.push_back(send(get_capability(6, 0x100, 127)));
    all.push_back(send(get_capability(6, 0x200, 127)));
    for (const char* bank : {"0004", "000b", "000c", "000d"}) {
      for (const char* select : {"ff0000", "00ff00", "0000ff"}) {
        all.push_back(send(plain(0x17e, "00000001" + std::string(bank) + "03" + select)));
      }
    }
    all.push_back(send(raw::kNvReadPublic));
    return all;
  }

  // TPM2_PCR_Extend of PCR 16 with one digest of SHA-256.
  const Bytes kExtendPcr16 = authorized(0x182, "00000010", "00000001 000b" + std::string(64, '7'));
};

TEST_F(UnchangedTpm, IsWhatAFullQuickRunLeaves) {
  const auto before = everything();
  for (const Bytes& answer : before) EXPECT_EQ(knowledge::response_code(answer), 0U);
  const auto& report = run({.quick = true}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_EQ(everything(), before);
}

TEST_F(UnchangedTpm, IsWhatAnInterruptedRunLeaves) {
  const auto before = everything();
  const auto& report = run({.only = kEcc, .interrupt_at = 60}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitIncomplete);
  EXPECT_EQ(everything(), before);
}

TEST_F(UnchangedTpm, IsWhatStaysWhenTheConnectionBreaks) {
  const auto before = everything();
  const emulator::Rule closed{{.calls = {.from = 60}}, emulator::CloseConnection{}};
  EXPECT_NE(run({.only = kEcc, .rules = {closed}}).report.invocation.exit_code, kExitOk);
  run({.only = {"identity"}});
  EXPECT_EQ(everything(), before);
}

}  // namespace
}  // namespace tpmprobe::suites
