// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <stdexcept>

#include <gmock/gmock.h>

#include "emulator/embedded_tpm.h"
#include "suites/emulator/quirk_support.h"

/// What the quirk layer hides of a real TPM's capability lists.
namespace tpmprobe::suites {
namespace {

using emulator::CapabilityList;
using emulator::HideCapability;
using testing::Contains;
using testing::Each;
using testing::Not;

constexpr std::uint32_t kAlgorithms = 0, kCommands = 2, kPcrs = 5, kProperties = 6, kCurves = 8;
constexpr std::uint32_t kSha384 = 0x000c, kSha512 = 0x000d, kP384 = 0x0004;
constexpr std::uint32_t kCommandOfAttributes = 0xFFFF;
constexpr std::uint32_t kMaxDigest = 0x120;

using Keys = std::vector<std::uint64_t>;

/// What an entry is asked for by: the TPM_CC in a TPMA_CC, else the entry itself.
std::uint32_t key_of(std::uint64_t entry, std::uint32_t capability) {
  return static_cast<std::uint32_t>(capability == kCommands ? entry & kCommandOfAttributes : entry);
}

/// A list of the TPM read page by page.
Keys read_list(tpm::Transport& tpm, std::uint32_t capability, std::string_view type,
               std::uint32_t first, std::uint32_t page_size) {
  Keys all;
  for (bool more = true; more;) {
    const Bytes command = get_capability(capability, first, page_size);
    const auto response = tpm.transmit(command, tpm::kNoDeadline);
    if (!response) return {};
    Keys page = integers(command, *response, type);
    more = has_more_data(*response);
    if (page.empty() && more) {
      ADD_FAILURE() << "an empty page with more to come";
      return all;
    }
    if (page.size() > page_size) ADD_FAILURE() << "more than asked for";
    all.insert(all.end(), page.begin(), page.end());
    if (more) first = key_of(page.back(), capability) + 1;
  }
  return all;
}

class QuirkCapabilities : public testing::Test {
 protected:
  /// The embedded TPM with this effect on it.
  std::unique_ptr<tpm::Transport> with(emulator::Effect effect) {
    auto layer = std::make_unique<emulator::QuirkLayer>(
        embedded(), std::vector<emulator::Quirk>{quirk_of({{{}, std::move(effect)}})}, clock);
    return layer;
  }
  std::unique_ptr<tpm::Transport> embedded() {
    auto tpm = emulator::EmbeddedTpm::create();
    if (!tpm) throw std::runtime_error(tpm.error().message);
    return std::move(*tpm);
  }
  ManualClock clock;
};

struct HiddenList {
  CapabilityList list;
  std::uint32_t capability;
  std::string_view type;
  std::uint32_t first;
  std::vector<std::uint32_t> hidden;
};

class HiddenEntries : public QuirkCapabilities, public testing::WithParamInterface<HiddenList> {
 protected:
  static bool is_hidden(std::uint64_t value) {
    const std::uint32_t key = key_of(value, GetParam().capability);
    return std::ranges::find(GetParam().hidden, key) != GetParam().hidden.end();
  }
};

TEST_P(HiddenEntries, AreMissingFromPagesOfAnySizeAndNothingElseIs) {
  const auto& [list, capability, type, first, hidden] = GetParam();
  Keys rest = read_list(*embedded(), capability, type, first, 1000);
  ASSERT_EQ(std::erase_if(rest, is_hidden), hidden.size()) << "the TPM itself has them";
  const auto tpm = with(HideCapability{list, hidden});
  for (const std::uint32_t page_size : {1U, 2U, 3U, 7U, 1000U}) {
    EXPECT_EQ(read_list(*tpm, capability, type, first, page_size), rest) << page_size;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lists, HiddenEntries,
    testing::Values(
        HiddenList{
            CapabilityList::algorithms, kAlgorithms, "TPM_ALG_ID", 0, {kSha384, kSha512, 0x0001}},
        HiddenList{CapabilityList::curves, kCurves, "TPM_ECC_CURVE", 0, {kP384}},
        HiddenList{CapabilityList::commands, kCommands, "TPMA_CC", 0x11f, {0x11f, 0x164, 0x193}},
        HiddenList{CapabilityList::properties, kProperties, "TPM_PT", 0x100, {0x12c, 0x100}}));

TEST_F(QuirkCapabilities, TheLastHiddenEntryLeavesNoMoreData) {
  const Bytes ask = get_capability(kCurves, 0, 1);
  Keys curves = read_list(*embedded(), kCurves, "TPM_ECC_CURVE", 0, 1000);
  std::vector<std::uint32_t> all_but_first(curves.begin() + 1, curves.end());
  const auto tpm = with(HideCapability{CapabilityList::curves, all_but_first});
  const auto response = tpm->transmit(ask, tpm::kNoDeadline);
  ASSERT_TRUE(response);
  EXPECT_FALSE(has_more_data(*response));
  EXPECT_EQ(integers(ask, *response, "TPM_ECC_CURVE"), Keys{curves.front()});
}

TEST_F(QuirkCapabilities, AListCanBecomeEmpty) {
  const Keys curves = read_list(*embedded(), kCurves, "TPM_ECC_CURVE", 0, 1000);
  const auto tpm = with(HideCapability{CapabilityList::curves, {curves.begin(), curves.end()}});
  EXPECT_EQ(read_list(*tpm, kCurves, "TPM_ECC_CURVE", 0, 10), Keys{});
}

TEST_F(QuirkCapabilities, HidesPcrBanks) {
  const auto tpm = with(HideCapability{CapabilityList::pcr_banks, {kSha384, kSha512}});
  const Bytes ask = get_capability(kPcrs, 0, 1);
  const auto response = tpm->transmit(ask, tpm::kNoDeadline);
  ASSERT_TRUE(response);
  const Keys banks = integers(ask, *response, "TPMI_ALG_HASH");
  EXPECT_THAT(banks, Contains(0x000b));
  EXPECT_THAT(banks, Each(testing::AllOf(Not(kSha384), Not(kSha512))));
  EXPECT_FALSE(has_more_data(*response));
}

TEST_F(QuirkCapabilities, OtherListsAreUntouched) {
  const Bytes ask = get_capability(kCurves, 0, 1000);
  const auto before = embedded()->transmit(ask, tpm::kNoDeadline);
  const auto tpm = with(HideCapability{CapabilityList::algorithms, {3, 4}});
  EXPECT_EQ(tpm->transmit(ask, tpm::kNoDeadline).value(), before.value());
}

TEST_F(QuirkCapabilities, SetsAPropertyWhereverItIsGiven) {
  const auto tpm = with(emulator::SetProperty{kMaxDigest, 0x20});
  for (const Bytes& ask :
       {get_capability(kProperties, kMaxDigest, 1), get_capability(kProperties, 0x100, 127)}) {
    const auto response = tpm->transmit(ask, tpm::kNoDeadline);
    ASSERT_TRUE(response);
    const Keys tags = integers(ask, *response, "TPM_PT");
    const Keys values = integers(ask, *response, "UINT32");
    const auto found = std::ranges::find(tags, kMaxDigest);
    ASSERT_NE(found, tags.end());
    // The first UINT32 is the count of the list.
    EXPECT_EQ(values.at(static_cast<std::size_t>(found - tags.begin()) + 1), 0x20U);
  }
}

TEST_F(QuirkCapabilities, InAnAuditSessionTheAreasStayInPlace) {
  // An answer with one authorization: parameterSize, moreData, capability, two curves, and the
  // answer of the session.
  Script script = always(message(
      0x8002, 0,
      std::string("0000000d 00 00000008 00000002 0003 0004") + std::string(kPasswordAnswer)));
  auto layer = with_rules(script, {{{}, HideCapability{CapabilityList::curves, {kP384}}}}, clock);
  const Bytes ask = message(0x8002, 0x17a, std::string(kPassword) + "00000008 00000000 00000010");
  EXPECT_EQ(
      layer.transmit(ask, tpm::kNoDeadline),
      message(0x8002, 0,
              std::string("0000000b 00 00000008 00000001 0003") + std::string(kPasswordAnswer)));
}

TEST_F(QuirkCapabilities, ATpmThatDoesNotGetOnEndsTheList) {
  Script script = always(plain(0, "01 00000008 00000001 0003"));
  auto layer = with_rules(script, {{{}, HideCapability{CapabilityList::curves, {kP384}}}}, clock);
  EXPECT_TRUE(layer.transmit(get_capability(kCurves, 0, 1), tpm::kNoDeadline));
  EXPECT_LT(script.commands.size(), 4U);
}

}  // namespace
}  // namespace tpmprobe::suites
