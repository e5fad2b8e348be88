// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/vendors.h"

#include <sstream>

#include <gtest/gtest.h>

#include "suites/unit/knowledge/wire_data.h"

namespace tpmprobe::knowledge {
namespace {

TEST(Vendors, AreFoundWithAndWithoutWhatFillsFourOctets) {
  EXPECT_EQ(find_vendor("IFX")->name, "Infineon");
  EXPECT_EQ(find_vendor("STM ")->name, "STMicroelectronics");
  EXPECT_EQ(find_vendor(std::string_view("AMD\0", 4))->name, "AMD");
  EXPECT_EQ(find_vendor("XYZ"), nullptr);
  EXPECT_EQ(find_vendor(""), nullptr);
}

TEST(Vendors, SayWhatATpmIs) {
  EXPECT_EQ(identify("IBM", "SW   TPM").kind, TpmKind::emulator);
  EXPECT_EQ(identify("MSFT", "xCG fTPM").kind, TpmKind::emulator);
  EXPECT_EQ(identify("MSFT", "Pluton.TPM.A").what, "Microsoft Pluton");
  EXPECT_EQ(identify("AMD", "AMD").kind, TpmKind::firmware);
  EXPECT_EQ(identify("INTC", "ADL").kind, TpmKind::firmware);
  EXPECT_EQ(identify("IFX", "SLB9670").what, "Infineon SLB9670");
  EXPECT_EQ(identify("CROS", "xCG fTPM").kind, TpmKind::discrete);
  EXPECT_EQ(identify("VMW", "").kind, TpmKind::virtual_machine);
  EXPECT_EQ(identify("XYZ", "SW   TPM").kind, TpmKind::unknown);
}

TEST(Vendors, HaveWordsForKinds) {
  EXPECT_EQ(kind_name(TpmKind::virtual_machine), "virtual");
  EXPECT_EQ(kind_name(TpmKind::discrete), "discrete");
}

TEST(Firmware, IsPrintedAsTheVendorDoes) {
  const auto lines = data_lines("firmware_names.txt");
  EXPECT_EQ(lines.size(), 39U);
  for (const auto& line : lines) {
    std::istringstream words(line);
    std::string manufacturer, first, second, name;
    words >> manufacturer >> first >> second >> name;
    const auto version_1 = static_cast<std::uint32_t>(std::stoul(first, nullptr, 16));
    const auto version_2 = static_cast<std::uint32_t>(std::stoul(second, nullptr, 16));
    EXPECT_EQ(format_firmware(manufacturer, version_1, version_2), name);
  }
}

TEST(Firmware, OfTheReferenceCodeIsADate) {
  EXPECT_EQ(format_firmware("IBM", 0x20191023, 0x163636), "20191023.163636");
  EXPECT_EQ(format_firmware("MSFT", 0x20180710, 0x105300), "20180710.105300");
  EXPECT_EQ(format_firmware("MSFT", 0x20170619, 0x000001), "20170619.000001");
}

TEST(Firmware, ThatIsNoDateIsPrintedAsWords) {
  EXPECT_EQ(format_firmware("IBM", 0x20191323, 0x163636), "8217.4899.22.13878");
  EXPECT_EQ(format_firmware("IBM", 0x2019102a, 0), "8217.4138.0.0");
  EXPECT_EQ(format_firmware("IBM", 0x00030025, 5), "3.37.0.5");
  EXPECT_EQ(format_firmware("XYZ", 0x20191023, 0x163636), "8217.4131.22.13878");
}

TEST(Firmware, NameHasTheManufacturerInLowerCase) {
  EXPECT_EQ(firmware_name("AMD", 0x00030033, 5), "amd-3.51.0.5");
  EXPECT_EQ(firmware_name("STM ", 0x00010200, 0), "stm-1.512.0.0");
}

}  // namespace
}  // namespace tpmprobe::knowledge
