// SPDX-License-Identifier: BSD-2-Clause
// What tpm2_getcap prints of each emulated firmware, against the profile that was measured.
#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "knowledge/algorithms.h"
#include "knowledge/command_table.h"
#include "knowledge/firmware_profile/profile.h"
#include "knowledge/handles.h"
#include "knowledge/properties.h"
#include "suites/swtpm/program.h"

namespace tpmprobe::suites {
namespace {

using testing::HasSubstr;
using testing::IsSubsetOf;
using Numbers = std::vector<std::uint64_t>;

/// The number after `label` of each line that has it.
Numbers numbers_after(std::string_view label, const std::string& output) {
  Numbers numbers;
  for (const std::string& line : lines_of(output)) {
    const auto at = line.find(label);
    if (at != std::string::npos) {
      numbers.push_back(std::stoull(line.substr(at + label.size()), nullptr, 0));
    }
  }
  return numbers;
}

class EmulatorGetcap : public testing::TestWithParam<std::string> {
 protected:
  /// What is printed of one list, and what was said to be missing.
  ProgramResult getcap(const std::string& list) {
    auto run = run_tpmprobe({"emulator", "--firmware", GetParam(), "--", "tpm2_getcap", list});
    EXPECT_EQ(run.status.code, 0) << run.errors;
    return run;
  }

  /// All that is printed is measured and in that order; what is not printed is named as missing.
  template <typename NameOf>
  static void expect_all_but_missing(const Numbers& printed, const Numbers& measured,
                                     const std::string& errors, NameOf name_of) {
    auto next = printed.begin();
    for (const auto number : measured) {
      if (next != printed.end() && *next == number) {
        ++next;
      } else {
        EXPECT_THAT(errors, HasSubstr(name_of(number))) << number;
      }
    }
    EXPECT_EQ(next, printed.end()) << "printed, and not measured in this order";
  }

  knowledge::FirmwareProfile profile_ = knowledge::find_firmware(GetParam()).value();
};

TEST_P(EmulatorGetcap, PrintsTheAlgorithmsThatWereMeasured) {
  Numbers measured;
  for (const auto& entry : *profile_.algorithms) measured.push_back(entry.id);
  const auto run = getcap("algorithms");
  expect_all_but_missing(
      numbers_after("value:", run.output), measured, run.errors, [](auto id) -> std::string {
        const auto* info = knowledge::find_algorithm(static_cast<std::uint16_t>(id));
        return info == nullptr ? fmt::format("0x{:04x}", id) : std::string(info->name);
      });
}

TEST_P(EmulatorGetcap, PrintsTheCurvesThatWereMeasured) {
  const Numbers measured(profile_.curves->begin(), profile_.curves->end());
  const auto run = getcap("ecc-curves");
  expect_all_but_missing(numbers_after(": ", run.output), measured, run.errors, [](auto id) {
    return std::string(knowledge::find_curve(static_cast<std::uint16_t>(id))->title);
  });
}

TEST_P(EmulatorGetcap, PrintsTheCommandsThatWereMeasured) {
  Numbers measured;
  for (const auto attributes : *profile_.commands) {
    measured.push_back(attributes & knowledge::kCommandOfAttributes);
  }
  const auto run = getcap("commands");
  Numbers printed;
  for (const auto value : numbers_after("  value:", run.output)) {
    printed.push_back(value & knowledge::kCommandOfAttributes);
  }
  expect_all_but_missing(printed, measured, run.errors, [](auto code) -> std::string {
    const auto* info = knowledge::find_command(static_cast<std::uint32_t>(code));
    return info == nullptr ? fmt::format("0x{:08x}", code) : fmt::format("TPM2_{}", info->name);
  });
}

TEST_P(EmulatorGetcap, PrintsTheFixedPropertiesThatWereMeasured) {
  const auto run = getcap("properties-fixed");
  const Numbers printed = numbers_after("raw:", run.output);
  ASSERT_EQ(printed.size(), profile_.properties_fixed->size()) << run.output;
  for (std::size_t i = 0; i < printed.size(); ++i) {
    const auto& [tag, value] = (*profile_.properties_fixed)[i];
    if (printed[i] == value) continue;
    EXPECT_THAT(run.errors, HasSubstr(std::string(knowledge::find_property(tag)->symbol)))
        << printed[i] << " and not " << value;
  }
}

std::vector<std::string> all_names() {
  const auto names = knowledge::firmware_names();
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(Measured, EmulatorGetcap, testing::ValuesIn(all_names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace tpmprobe::suites
