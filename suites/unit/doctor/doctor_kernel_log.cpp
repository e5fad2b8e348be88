// SPDX-License-Identifier: BSD-2-Clause
// Which records of /dev/kmsg are of a driver of the TPM.
#include <gmock/gmock.h>

#include "doctor/this_machine.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(DoctorKernelLog, TakesLinesOfDrivers) {
  for (const std::string text : {"tpm tpm0: A TPM error (256) occurred", "tpm: no memory",
                                 "tpm0: timed out", "tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B)",
                                 "tpm_crb MSFT0101:00: can't request region", "tpm_tis: error -1",
                                 "tpm_tis_spi spi0.1: 2.0 TPM"}) {
    EXPECT_THAT(words_of_driver("3,512,9000,-;" + text + "\n SUBSYSTEM=tpm\n"), Optional(Eq(text)));
  }
}

TEST(DoctorKernelLog, LeavesLinesOfPrograms) {
  for (const std::string text : {"tpmprobe[123]: error", "tpm2_ptool[7]: timed out",
                                 "tpm2-abrmd[8]: error", "tpmprobe: error", "tpm_server[9]: error",
                                 "tpm2_ptool: error", "tpm", "tpm0", "tpmfoo: x", "usb 1-1: tpm"}) {
    EXPECT_EQ(words_of_driver("3,512,9000,-;" + text + "\n"), std::nullopt) << text;
  }
  // By the facility of a program (systemd writes there), whatever it says.
  EXPECT_EQ(words_of_driver("30,512,9000,-;tpm tpm0: error\n"), std::nullopt);
}

TEST(DoctorKernelLog, RecordsThatAreNone) {
  for (const auto* record : {"", ";", "tpm tpm0: error", "x;tpm tpm0: error", "3,1,1,-;"}) {
    EXPECT_EQ(words_of_driver(record), std::nullopt) << record;
  }
  EXPECT_EQ(words_of_driver("3,1,1,-;tpm tpm0: error"), "tpm tpm0: error");  // cut at the end
}

}  // namespace
}  // namespace tpmprobe::doctor
