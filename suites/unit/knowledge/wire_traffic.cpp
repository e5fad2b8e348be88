// SPDX-License-Identifier: BSD-2-Clause
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/command_table.h"
#include "knowledge/wire.h"
#include "suites/support/not_empty.h"
#include "suites/unit/knowledge/wire_data.h"

namespace tpmprobe::knowledge {
namespace {

/// One recorded response, split; the octets live in `traffic()`.
struct Recorded {
  const CommandInfo* info;
  std::size_t sessions;
  const Octets* octets;
  WireResponse response;
};

std::vector<Recorded> recorded_responses() {
  std::vector<Recorded> all;
  for (const auto& exchange : traffic()) {
    const auto command = split_command(exchange.command);
    if (!command) {
      continue;
    }
    const auto response = split_response(*command->info, command->auths.size(), exchange.response);
    if (response) {
      all.push_back({command->info, command->auths.size(), &exchange.response, *response});
    }
  }
  return all;
}

bool agree(const CommandInfo& info, const WireResponse& response) {
  return check_parameters(info, response).has_value() ==
         read_parameters(info, response).has_value();
}

std::uint64_t number_at(const Octets& octets, std::size_t offset, std::size_t width) {
  std::uint64_t number = 0;
  for (std::size_t index = 0; index < width; ++index) {
    number = number << 8U | octets[offset + index];
  }
  return number;
}

void put_number(Octets& octets, std::size_t offset, std::size_t width, std::uint64_t number) {
  for (std::size_t index = width; index-- > 0; number >>= 8U) {
    octets[offset + index] = static_cast<std::uint8_t>(number);
  }
}

TEST(WireTraffic, CoversEveryCommandOfLibtpms) {
  std::set<std::uint32_t> succeeded;
  for (const auto& exchange : suites::not_empty(traffic())) {
    if (response_code(exchange.response) == 0) {
      succeeded.insert(command_code(exchange.command));
    }
  }
  EXPECT_EQ(succeeded.size(), 109U);
}

TEST(WireTraffic, EveryCommandIsReadToItsLastOctet) {
  for (const auto& exchange : suites::not_empty(traffic())) {
    const auto command = split_command(exchange.command);
    ASSERT_TRUE(command) << command.error().message;
    const auto fields = read_parameters(*command);
    if (response_code(exchange.response) == 0) {
      ASSERT_TRUE(fields) << command->info->name << ": " << fields.error().message;
    }
  }
}

TEST(WireTraffic, EveryResponseIsReadToItsLastOctet) {
  for (const auto& exchange : suites::not_empty(traffic())) {
    const auto command = split_command(exchange.command);
    ASSERT_TRUE(command) << command.error().message;
    const auto response = split_response(*command->info, command->auths.size(), exchange.response);
    ASSERT_TRUE(response) << command->info->name << ": " << response.error().message;
    const auto fields = read_parameters(*command->info, *response);
    ASSERT_TRUE(fields) << command->info->name << ": " << fields.error().message;
    EXPECT_TRUE(check_parameters(*command->info, *response)) << command->info->name;
  }
}

bool lies_in(const Octets& octets, const WireField& field) {
  return field.offset + field.size <= octets.size() &&
         (!field.is_integer || field.value == number_at(octets, field.offset, field.size));
}

TEST(WireTraffic, FieldsLieWhereTheirNumbersAre) {
  std::size_t count = 0;
  for (const auto& recorded : recorded_responses()) {
    const auto fields = *read_parameters(*recorded.info, recorded.response);
    for (const auto& field : fields) {
      EXPECT_TRUE(lies_in(*recorded.octets, field)) << recorded.info->name << " " << field.path;
    }
    count += fields.size();
  }
  EXPECT_GT(count, 0U);
}

TEST(WireTraffic, TopFieldsFollowOneAnotherWithoutGap) {
  for (const auto& recorded : suites::not_empty(recorded_responses())) {
    auto fields = *read_parameters(*recorded.info, recorded.response);
    std::erase_if(fields,
                  [](const auto& field) { return field.path.find('.') != std::string::npos; });
    auto expected = recorded.response.parameters_offset;
    for (const auto& field : fields) {
      EXPECT_EQ(field.offset, expected) << recorded.info->name << " " << field.path;
      expected += field.size;
    }
    EXPECT_EQ(expected, recorded.response.parameters_offset + recorded.response.parameters.size());
  }
}

TEST(WireTraffic, ResponseCutByOneOctetIsRefused) {
  for (const auto& exchange : suites::not_empty(traffic())) {
    const auto command = split_command(exchange.command);
    ASSERT_TRUE(command);
    auto cut = exchange.response;
    cut.pop_back();
    EXPECT_FALSE(split_response(*command->info, command->auths.size(), cut));
    put_number(cut, 2, 4, cut.size());
    const auto response = split_response(*command->info, command->auths.size(), cut);
    EXPECT_FALSE(response && check_parameters(*command->info, *response)) << command->info->name;
  }
}

TEST(WireTraffic, ResponseExtendedByOneOctetIsRefused) {
  for (const auto& exchange : suites::not_empty(traffic())) {
    const auto command = split_command(exchange.command);
    ASSERT_TRUE(command);
    auto longer = exchange.response;
    longer.push_back(0);
    EXPECT_FALSE(split_response(*command->info, command->auths.size(), longer));
    put_number(longer, 2, 4, longer.size());
    const auto response = split_response(*command->info, command->auths.size(), longer);
    EXPECT_FALSE(response && check_parameters(*command->info, *response)) << command->info->name;
  }
}

TEST(WireTraffic, ParametersCutOrExtendedByOneOctetAreRefused) {
  int with_parameters = 0;
  for (auto recorded : recorded_responses()) {
    if (recorded.response.parameters.empty()) {
      continue;
    }
    ++with_parameters;
    Octets octets(recorded.response.parameters.begin(), recorded.response.parameters.end());
    octets.push_back(0);
    recorded.response.parameters = octets;
    EXPECT_FALSE(check_parameters(*recorded.info, recorded.response)) << recorded.info->name;
    recorded.response.parameters = std::span(octets).first(octets.size() - 2);
    EXPECT_FALSE(check_parameters(*recorded.info, recorded.response)) << recorded.info->name;
    EXPECT_TRUE(agree(*recorded.info, recorded.response));
  }
  EXPECT_GT(with_parameters, 0);
}

/// Expects that the response is refused if this field of it says `number`.
void expect_refused(Recorded recorded, const WireField& field, std::uint64_t number) {
  const auto& parameters = recorded.response.parameters;
  Octets raised(parameters.begin(), parameters.end());
  put_number(raised, field.offset - recorded.response.parameters_offset, field.size, number);
  recorded.response.parameters = raised;
  EXPECT_FALSE(check_parameters(*recorded.info, recorded.response))
      << recorded.info->name << " " << field.path;
  EXPECT_TRUE(agree(*recorded.info, recorded.response));
}

TEST(WireTraffic, EveryCountAndSizeThatIsRaisedIsRefused) {
  std::size_t count = 0;
  for (const auto& recorded : recorded_responses()) {
    auto fields = *read_parameters(*recorded.info, recorded.response);
    std::erase_if(fields, [](const auto& field) {
      return !field.path.ends_with(".count") && !field.path.ends_with(".size");
    });
    for (const auto& field : fields) {
      expect_refused(recorded, field, field.value + 1);
      expect_refused(recorded, field, field.size == 2 ? 0xffff : 0xffffffff);
    }
    count += fields.size();
  }
  EXPECT_GT(count, 0U);
}

TEST(WireTraffic, EveryOtherOctetValueIsReadOrRefusedAlikeByBothReaders) {
  Numbers numbers;
  std::size_t changes = 0;
  for (auto recorded : recorded_responses()) {
    const Octets octets(recorded.response.parameters.begin(), recorded.response.parameters.end());
    for (std::size_t offset = 0; offset < octets.size(); ++offset) {
      auto changed = octets;
      changed[offset] ^= static_cast<std::uint8_t>(1 + numbers.next(255));
      recorded.response.parameters = changed;
      EXPECT_TRUE(agree(*recorded.info, recorded.response)) << recorded.info->name;
      ++changes;
    }
  }
  EXPECT_GT(changes, 0U);
}

/// Expects that the first `size` octets of a command are refused, with a header that says so too.
void expect_refused(const Octets& whole, std::size_t size) {
  Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
  EXPECT_FALSE(split_command(cut));
  if (size >= 10) {
    put_number(cut, 2, 4, size);
    const auto command = split_command(cut);
    EXPECT_FALSE(command && read_parameters(*command)) << command->info->name << " " << size;
  }
}

TEST(WireTraffic, EveryPrefixOfACommandIsRefusedWithoutHarm) {
  for (const auto& exchange : suites::not_empty(traffic())) {
    for (std::size_t size = 0; size < exchange.command.size(); ++size) {
      expect_refused(exchange.command, size);
    }
  }
}

/// Random octets, many of them small, as sizes and counts that can be right are.
Octets plausible(Numbers& numbers) {
  auto octets = numbers.octets(numbers.next(64));
  for (auto& octet : octets) {
    octet = numbers.next(3) == 0 ? octet : static_cast<std::uint8_t>(octet & 3U);
  }
  return octets;
}

TEST(WireRandom, OctetsAreReadOrRefusedAlikeByBothReadersForEveryCommand) {
  Numbers numbers;
  for (const auto& info : suites::not_empty(commands())) {
    for (int round = 0; round < 300; ++round) {
      const auto octets = plausible(numbers);
      WireResponse response;
      response.parameters = octets;
      EXPECT_TRUE(agree(info, response)) << info.name;
    }
  }
}

/// A command of this code without sense behind its header is read, then a response made of it.
void read_nonsense(const CommandInfo& info, Numbers& numbers) {
  auto octets = numbers.octets(10 + numbers.next(48));
  put_number(octets, 0, 2, 0x8001 + numbers.next(2));
  put_number(octets, 2, 4, octets.size());
  put_number(octets, 6, 4, info.code);
  const auto command = split_command(octets);
  EXPECT_TRUE(!command || command->info == &info);
  EXPECT_TRUE(!command || !read_parameters(*command) || !command->parameters.empty() ||
              info.parameters.empty());
  put_number(octets, 6, 4, 0);
  const auto response = split_response(info, numbers.next(3), octets);
  EXPECT_TRUE(!response || agree(info, *response));
}

TEST(WireRandom, HeadersFollowedByAnythingDoNoHarm) {
  Numbers numbers;
  for (const auto& info : suites::not_empty(commands())) {
    for (int round = 0; round < 200; ++round) {
      read_nonsense(info, numbers);
    }
  }
}

TEST(WireRandom, EveryTypeSurvivesAnyOctets) {
  Numbers numbers;
  for (const auto& type : suites::not_empty(types())) {
    for (int round = 0; round < 100; ++round) {
      const auto octets = numbers.octets(numbers.next(80));
      const auto structure = read_structure(type.name, octets);
      EXPECT_TRUE(!structure || structure->consumed <= octets.size()) << type.name;
    }
  }
}

}  // namespace
}  // namespace tpmprobe::knowledge
