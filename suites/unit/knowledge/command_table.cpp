// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/command_table.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/support/not_empty.h"

namespace tpmprobe::knowledge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> described(std::span<const Field> fields) {
  std::vector<std::string> all;
  for (const auto& field : fields) {
    all.push_back(std::string(types()[field.type].name) + " " + std::string(field.name));
  }
  return all;
}

constexpr std::string_view kAuths[] = {"none", "user", "admin", "dup"};

std::vector<std::string> described(std::span<const HandleField> handles) {
  std::vector<std::string> all;
  for (const auto& handle : handles) {
    all.push_back(std::string(handle.type) + " " + std::string(handle.name) + " " +
                  std::string(kAuths[static_cast<int>(handle.auth)]));
  }
  return all;
}

std::vector<std::string_view> names_with(Effect effect) {
  std::vector<std::string_view> names;
  for (const auto& info : commands()) {
    if (info.has(effect)) {
      names.push_back(info.name);
    }
  }
  return names;
}

TEST(CommandTable, IsSortedByCodeAndHasEachOnce) {
  const auto all = commands();
  EXPECT_TRUE(std::ranges::is_sorted(all, std::ranges::less_equal{}, &CommandInfo::code));
  EXPECT_EQ(std::ranges::adjacent_find(all, {}, &CommandInfo::code), all.end());
}

TEST(CommandTable, HasEveryCodeOfTheLibrary) {
  // 0x123, 0x15a, 0x15f, 0x166, 0x175 were never given to a command of TPM 2.0.
  for (std::uint32_t code = 0x11f; code <= 0x1a1; ++code) {
    const bool reserved =
        code == 0x123 || code == 0x15a || code == 0x15f || code == 0x166 || code == 0x175;
    EXPECT_EQ(find_command(code) == nullptr, reserved) << std::hex << code;
  }
  EXPECT_NE(find_command(0x20000000), nullptr);
  EXPECT_EQ(find_command(0x20000001), nullptr);
}

TEST(CommandTable, HandlesThatNeedAuthorizationComeFirst) {
  for (const auto& info : suites::not_empty(commands())) {
    EXPECT_TRUE(std::ranges::is_partitioned(info.handles, [](const auto& handle) {
      return handle.auth != HandleAuth::none;
    })) << info.name;
    EXPECT_LE(info.handles.size(), 3U);
    EXPECT_LE(info.response_handles.size(), 1U);
  }
}

bool has_handle_type(const HandleField& handle) {
  const auto* type = find_type(handle.type);
  return type != nullptr && type->minimum == 4;
}

bool has_type(const Field& field) {
  return field.type < types().size();
}

TEST(CommandTable, EveryTypeExists) {
  for (const auto& info : suites::not_empty(commands())) {
    EXPECT_TRUE(std::ranges::all_of(info.parameters, has_type)) << info.name;
    EXPECT_TRUE(std::ranges::all_of(info.response_parameters, has_type)) << info.name;
    EXPECT_TRUE(std::ranges::all_of(info.handles, has_handle_type)) << info.name;
    EXPECT_TRUE(std::ranges::all_of(info.response_handles, has_handle_type)) << info.name;
  }
}

TEST(CommandTable, PcrEventsAnswerWithDigests) {
  EXPECT_THAT(described(find_command("PCR_Event")->response_parameters),
              ElementsAre("TPML_DIGEST_VALUES digests"));
  EXPECT_THAT(described(find_command("EventSequenceComplete")->response_parameters),
              ElementsAre("TPML_DIGEST_VALUES results"));
}

TEST(CommandTable, AgreesWithPart3OnSign) {
  const auto& sign = *find_command(0x15dU);
  EXPECT_EQ(sign.name, "Sign");
  EXPECT_THAT(described(sign.handles), ElementsAre("TPMI_DH_OBJECT keyHandle user"));
  EXPECT_THAT(described(sign.parameters),
              ElementsAre("TPM2B_DIGEST digest", "TPMT_SIG_SCHEME inScheme",
                          "TPMT_TK_HASHCHECK validation"));
  EXPECT_THAT(described(sign.response_parameters), ElementsAre("TPMT_SIGNATURE signature"));
  EXPECT_EQ(sign.effects, 0);
  EXPECT_EQ(sign.duration, DurationClass::crypto);
}

TEST(CommandTable, AgreesWithPart3OnCreatePrimary) {
  const auto& create = *find_command(0x131U);
  EXPECT_THAT(described(create.handles), ElementsAre("TPMI_RH_HIERARCHY primaryHandle user"));
  EXPECT_THAT(described(create.parameters),
              ElementsAre("TPM2B_SENSITIVE_CREATE inSensitive", "TPM2B_PUBLIC inPublic",
                          "TPM2B_DATA outsideInfo", "TPML_PCR_SELECTION creationPCR"));
  EXPECT_THAT(described(create.response_handles), ElementsAre("TPM_HANDLE objectHandle none"));
  EXPECT_THAT(described(create.response_parameters),
              ElementsAre("TPM2B_PUBLIC outPublic", "TPM2B_CREATION_DATA creationData",
                          "TPM2B_DIGEST creationHash", "TPMT_TK_CREATION creationTicket",
                          "TPM2B_NAME name"));
  EXPECT_EQ(create.duration, DurationClass::key_generation);
}

TEST(CommandTable, AgreesWithPart3OnRolesOtherThanUser) {
  EXPECT_THAT(described(find_command("Certify")->handles),
              ElementsAre("TPMI_DH_OBJECT objectHandle admin", "TPMI_DH_OBJECT signHandle user"));
  EXPECT_THAT(described(find_command("NV_UndefineSpaceSpecial")->handles),
              ElementsAre("TPMI_RH_NV_INDEX nvIndex admin", "TPMI_RH_PLATFORM platform user"));
  EXPECT_THAT(
      described(find_command("Duplicate")->handles),
      ElementsAre("TPMI_DH_OBJECT objectHandle dup", "TPMI_DH_OBJECT newParentHandle none"));
}

TEST(CommandTable, HandleOfFlushContextIsAParameter) {
  const auto& flush = *find_command("FlushContext");
  EXPECT_THAT(flush.handles, IsEmpty());
  EXPECT_THAT(described(flush.parameters), ElementsAre("TPMI_DH_CONTEXT flushHandle"));
}

TEST(CommandTable, NamesWhatChangesMoreThanItsAnswer) {
  EXPECT_THAT(names_with(Effect::clear), ElementsAre("ChangeEPS", "ChangePPS", "Clear"));
  EXPECT_THAT(names_with(Effect::persistent),
              ElementsAre("EvictControl", "ChangeEPS", "ChangePPS", "Clear"));
  EXPECT_THAT(names_with(Effect::session), ElementsAre("StartAuthSession"));
  EXPECT_THAT(names_with(Effect::startup), ElementsAre("Startup", "Shutdown"));
  EXPECT_THAT(names_with(Effect::lockout),
              ElementsAre("Clear", "DictionaryAttackLockReset", "DictionaryAttackParameters"));
  EXPECT_THAT(names_with(Effect::firmware), ElementsAre("FieldUpgradeStart", "FieldUpgradeData"));
  EXPECT_THAT(names_with(Effect::vendor), ElementsAre("AC_Send", "Vendor_TCG_Test"));
}

TEST(CommandTable, GeneratesKeysInThreeCommands) {
  std::vector<std::string_view> names;
  for (const auto& info : commands()) {
    if (info.duration == DurationClass::key_generation) {
      names.push_back(info.name);
    }
  }
  EXPECT_THAT(names, ElementsAre("CreatePrimary", "Create", "CreateLoaded"));
}

TEST(CommandNames, AreFoundInEverySpelling) {
  for (const auto* name :
       {"Sign", "TPM2_Sign", "TPM2_CC_Sign", "TPM_CC_Sign", "Esys_Sign", "Eys_Sign",
        "Tss2_Sys_Sign", "tpm2_sign", "SIGN", "Esys_Sign_Finish", "Esys_Sign_Async"}) {
    ASSERT_NE(find_command(name), nullptr) << name;
    EXPECT_EQ(find_command(name)->code, 0x15dU) << name;
  }
}

TEST(CommandNames, AreAllTheirOwn) {
  for (const auto& info : suites::not_empty(commands())) {
    EXPECT_EQ(find_command(info.name), &info);
  }
}

TEST(CommandNames, SecondNamesLeadToTheSharedCode) {
  EXPECT_EQ(find_command("MAC")->name, "HMAC");
  EXPECT_EQ(find_command("TPM2_MAC_Start")->name, "HMAC_Start");
}

TEST(CommandNames, NonsenseIsNotFound) {
  for (const auto* name : {"", "TPM2_", "_Finish", "Esys_", "Signs", "Sig", "TPM2_CC_TPM2_Sign"}) {
    EXPECT_EQ(find_command(name), nullptr) << name;
  }
}

TEST(Types, AreSortedByNameAndHaveEachOnce) {
  const auto all = types();
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &TypeInfo::name));
  EXPECT_EQ(std::ranges::adjacent_find(all, {}, &TypeInfo::name), all.end());
  EXPECT_EQ(find_type("TPM2B_NOTHING"), nullptr);
}

TEST(Types, ElementsOfListsAreNeverEmpty) {
  int lists = 0;
  for (const auto& type : types()) {
    if (type.kind != Kind::list) continue;
    EXPECT_GT(types()[type.members.front().type].minimum, 0U) << type.name;
    ++lists;
  }
  EXPECT_GT(lists, 0);
}

/// Whether the member at this index comes behind the integer that selects it.
bool comes_after_its_selector(const TypeInfo& type, std::size_t index) {
  const auto selector = static_cast<std::size_t>(type.selector);
  return type.selector >= 0 && selector < index &&
         types()[type.members[selector].type].kind == Kind::integer;
}

TEST(Types, SelectorsAreIntegersBeforeWhatTheySelect) {
  int selections = 0;
  for (const auto& type : types()) {
    for (std::size_t index = 0; index < type.members.size(); ++index) {
      if (type.kind != Kind::structure || !type.members[index].selected) continue;
      EXPECT_TRUE(comes_after_its_selector(type, index)) << type.name;
      ++selections;
    }
  }
  EXPECT_GT(selections, 0);
}

TEST(Types, KnowTheirFewestOctets) {
  EXPECT_EQ(find_type("TPMS_CLOCK_INFO")->minimum, 17U);
  EXPECT_TRUE(find_type("TPMS_CLOCK_INFO")->fixed);
  EXPECT_EQ(find_type("TPMT_PUBLIC")->minimum, 14U);
  EXPECT_FALSE(find_type("TPMT_PUBLIC")->fixed);
  EXPECT_EQ(find_type("TPM2B_DIGEST")->maximum, 64U);
}

}  // namespace
}  // namespace tpmprobe::knowledge
