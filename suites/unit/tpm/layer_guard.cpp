// SPDX-License-Identifier: BSD-2-Clause
#include <atomic>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/command_table.h"
#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/guard.h"
#include "tpm/leftovers.h"

namespace tpmprobe::suites {
namespace {

using knowledge::Effect;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tpm::Guard;
using tpm::GuardPolicy;

constexpr std::uint32_t kCreatePrimary = 0x131, kNvWrite = 0x137, kSequenceComplete = 0x13e,
                        kStartup = 0x144, kShutdown = 0x145, kNvRead = 0x14e, kLoad = 0x157,
                        kSign = 0x15d, kFlushContext = 0x165, kNvReadPublic = 0x169,
                        kReadPublic = 0x173, kStartAuthSession = 0x176, kGetRandom = 0x17b,
                        kPolicyRestart = 0x180, kPcrExtend = 0x182, kHashSequenceStart = 0x186;

const std::string kNoDa = "00000440";  // TPMA_OBJECT noDA, userWithAuth
const std::string kDa = "00000040";    // userWithAuth
const std::string kDigest = "0020 0000000000000000000000000000000000000000000000000000000000000000";

std::string digits(ByteView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += "0123456789abcdef"[octet >> 4U];
    text += "0123456789abcdef"[octet & 15U];
  }
  return text;
}

std::string sized(const std::string& body) {
  Bytes size(2);
  tpm::header::store(size, 0, 2, hex(body).size());
  return digits(size) + body;
}

/// TPM2B_PUBLIC of a keyed hash object without scheme.
std::string public_area(const std::string& attributes, const std::string& policy = "0000") {
  return sized("0008 000b" + attributes + policy + "0010 0000");
}

std::string marker() {
  return "0020" + digits(tpm::kMarker);
}

Bytes response(const std::string& handles, const std::string& parameters) {
  Bytes size(4);
  tpm::header::store(size, 0, 4, hex(parameters).size());
  return message(0x8002, 0, handles + digits(size) + parameters + std::string(kPasswordAnswer));
}

Bytes load(const std::string& attributes) {
  return authorized(kLoad, "80ffffff", "0000" + public_area(attributes));
}
Bytes loaded(const std::string& handle) {
  return response(handle, "0000");
}
Bytes sign(const std::string& handle) {
  return authorized(kSign, handle, kDigest + "0018 000b 8024 40000007 0000");
}
Bytes flush(const std::string& handle) {
  return plain(kFlushContext, handle);
}
Bytes read_public(const std::string& handle) {
  return plain(kReadPublic, handle);
}
Bytes public_read(const std::string& area) {
  return plain(0, area + "0000 0000");
}

/// A guard over a TPM that gives the answer it is told to.
class GuardTest : public testing::Test {
 protected:
  Expected<Bytes> send(const Bytes& command, const Bytes& answer = plain(0)) {
    script.answer = [answer](ByteView) { return answer; };
    return guard().transmit(command, tpm::kNoDeadline);
  }
  Guard& guard() {
    if (!guard_) guard_.emplace(script.transport(), policy, &interrupted);
    return *guard_;
  }
  /// The reason of a refusal, empty if the command passed. What is refused must not be sent.
  std::string refusal(const Bytes& command) {
    const std::size_t sent = script.commands.size();
    const auto result = send(command, plain(0x101));
    if (result) return {};
    EXPECT_EQ(result.error().kind, Error::Kind::refused);
    EXPECT_EQ(result.error().command, tpm::header::load(command, 6, 4));
    EXPECT_EQ(script.commands.size(), sent);
    return result.error().message;
  }
  /// Loads an object with these attributes under a handle; its parent is used at no risk.
  void load_as(const std::string& handle, const std::string& attributes) {
    ASSERT_TRUE(send(read_public("80ffffff"), public_read(public_area(kNoDa))));
    ASSERT_TRUE(send(load(attributes), loaded(handle)));
  }

  /// Has the TPM make a primary with these attributes.
  void make_primary(const std::string& handle, const std::string& attributes) {
    const std::string creation_data = sized("00000000 0000 01 0010 0000 0000 0000");
    ASSERT_TRUE(send(authorized(kCreatePrimary, "40000007",
                                "0004 0000 0000" + public_area(attributes) + "0000 00000000"),
                     response(handle, public_area(attributes) + creation_data +
                                          "0000 8021 40000007 0000 0000")));
  }

  GuardPolicy policy = tpm::default_policy();
  std::atomic<bool> interrupted = false;
  Script script;

 private:
  std::optional<Guard> guard_;
};

constexpr std::uint16_t kHarmless = static_cast<std::uint16_t>(Effect::transient) |
                                    static_cast<std::uint16_t>(Effect::session) |
                                    static_cast<std::uint16_t>(Effect::startup);

TEST_F(GuardTest, ByDefaultRefusesEveryCommandWithALastingEffect) {
  for (const auto& info : knowledge::commands()) {
    if ((info.effects & ~kHarmless) == 0) continue;
    EXPECT_THAT(refusal(plain(info.code)), HasSubstr(std::string(info.name))) << info.name;
  }
  EXPECT_THAT(script.commands, IsEmpty());
}

TEST_F(GuardTest, NamesTheEffectInPlainWords) {
  EXPECT_EQ(refusal(authorized(kNvWrite, "40000001 01800000", "0000 0000")),
            "TPM2_NV_Write writes NV memory, which this run is not allowed to do");
}

TEST_F(GuardTest, ByDefaultPassesReadingObjectsSessionsAndStartup) {
  EXPECT_EQ(refusal(plain(kGetRandom, "0008")), "");
  EXPECT_EQ(refusal(plain(kStartup, "0000")), "");
  EXPECT_EQ(refusal(read_public("81000001")), "");
  EXPECT_EQ(refusal(authorized(kCreatePrimary, "40000001")), "");
  EXPECT_EQ(refusal(plain(kStartAuthSession, "40000007 40000007 0000 0000 00 0010 000b")), "");
}

TEST_F(GuardTest, RefusesWhatTheTableDoesNotKnow) {
  EXPECT_THAT(refusal(plain(0x20000001)), HasSubstr("0x20000001"));
  EXPECT_NE(refusal(hex("8001 0000")), "") << "no code at all";
  EXPECT_NE(refusal(Bytes{}), "");
}

TEST_F(GuardTest, APolicyAllowsOneEffectAndNoOther) {
  policy.allow(Effect::pcr);
  EXPECT_EQ(refusal(authorized(kPcrExtend, "00000010", "00000000")), "");
  EXPECT_NE(refusal(authorized(kNvWrite, "40000001 01800000", "0000 0000")), "");
}

TEST_F(GuardTest, APcrCommandWithoutAPcrIsHarmless) {
  EXPECT_EQ(refusal(authorized(kPcrExtend, "40000007", "00000000")), "");
  EXPECT_NE(refusal(authorized(kPcrExtend, "00000010", "00000000")), "");
}

TEST_F(GuardTest, AnUnknownObjectCountsAsProtectedAgainstDictionaryAttacks) {
  EXPECT_THAT(refusal(sign("81000001")), HasSubstr("lockout"));
  EXPECT_THAT(refusal(sign("80000000")), HasSubstr("lockout"));
}

TEST_F(GuardTest, AnObjectWithNoDaMayBeUsed) {
  load_as("80000001", kNoDa);
  EXPECT_EQ(refusal(sign("80000001")), "");
  load_as("80000002", kDa);
  EXPECT_NE(refusal(sign("80000002")), "");
}

TEST_F(GuardTest, AnOwnPrimaryWithoutNoDaMayBeUsedWhereThePolicySaysSo) {
  policy.da_protected_own = true;
  make_primary("80000003", kDa);
  EXPECT_EQ(refusal(sign("80000003")), "");
  load_as("80000004", kDa);  // somebody chose its authorization value, and maybe not this run
  EXPECT_THAT(refusal(sign("80000004")), HasSubstr("lockout"));
  ASSERT_TRUE(send(read_public("81000001"), public_read(public_area(kDa))));
  EXPECT_THAT(refusal(sign("81000001")), HasSubstr("lockout"));
  ASSERT_TRUE(send(read_public("80000003"), public_read(public_area(kDa))));
  EXPECT_EQ(refusal(sign("80000003")), "") << "to be looked at changes nothing";
  ASSERT_TRUE(send(flush("80000003")));
  EXPECT_THAT(refusal(sign("80000003")), HasSubstr("lockout")) << "it may be another's by now";
}

TEST_F(GuardTest, ByDefaultAnOwnPrimaryWithoutNoDaMayNotBeUsed) {
  make_primary("80000003", kDa);
  EXPECT_THAT(refusal(sign("80000003")), HasSubstr("lockout"));
}

TEST_F(GuardTest, LearnsNoDaFromReadPublicAndCreatePrimary) {
  ASSERT_TRUE(send(read_public("81000001"), public_read(public_area(kNoDa))));
  EXPECT_EQ(refusal(sign("81000001")), "");
  ASSERT_TRUE(send(read_public("81000001"), public_read(public_area(kDa))));
  EXPECT_NE(refusal(sign("81000001")), "");
  make_primary("80000003", kNoDa);
  EXPECT_EQ(refusal(sign("80000003")), "");
}

TEST_F(GuardTest, NothingOfAFlushedObjectIsRemembered) {
  load_as("80000001", kNoDa);
  ASSERT_TRUE(send(flush("80000001")));
  EXPECT_NE(refusal(sign("80000001")), "");
  EXPECT_NE(refusal(flush("80000001")), "") << "it may be somebody else's by now";
}

TEST_F(GuardTest, AFailedFlushForgetsNothing) {
  load_as("80000001", kNoDa);
  ASSERT_TRUE(send(flush("80000001"), plain(0x1cb)));
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x80000001));
}

TEST_F(GuardTest, JudgesNvIndicesByTheirOwnAttribute) {
  const Bytes read = authorized(kNvRead, "01800000 01800000", "0004 0000");
  EXPECT_NE(refusal(read), "");
  // TPMS_NV_PUBLIC: index, SHA-256, AUTHREAD | AUTHWRITE | NO_DA, no policy, 8 octets.
  ASSERT_TRUE(send(plain(kNvReadPublic, "01800000"),
                   plain(0, sized("01800000 000b 02040004 0000 0008") + "0000")));
  EXPECT_EQ(refusal(read), "");
  EXPECT_EQ(refusal(authorized(kNvRead, "40000001 01800001", "0004 0000")), "")
      << "owner authorization has no dictionary attack protection";
}

TEST_F(GuardTest, TheLockoutHierarchyIsProtectedItself) {
  EXPECT_TRUE(guard().describe(tpm::WireExchange(authorized(0x139, "4000000a"))).da_protected);
  EXPECT_FALSE(guard().describe(tpm::WireExchange(authorized(0x126, "4000000c"))).da_protected);
}

TEST_F(GuardTest, ASessionBoundToAProtectedObjectUsesItsAuthorization) {
  const std::string rest = "0000 0000 00 0010 000b";
  EXPECT_THAT(refusal(plain(kStartAuthSession, "40000007 81000001" + rest)), HasSubstr("lockout"));
  EXPECT_EQ(refusal(plain(kStartAuthSession, "81000001 40000007" + rest)), "")
      << "a salt needs no authorization";
}

TEST_F(GuardTest, APolicyMayAllowProtectedAuthorizations) {
  policy.da_protected = true;
  EXPECT_EQ(refusal(sign("81000001")), "");
}

TEST_F(GuardTest, FlushesOnlyWhatThisRunMade) {
  EXPECT_THAT(refusal(flush("80000001")), HasSubstr("0x80000001"));
  load_as("80000001", kNoDa);
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x80000001));
  EXPECT_TRUE(send(flush("80000001")));
  EXPECT_THAT(guard().own_handles(), IsEmpty());
}

TEST_F(GuardTest, APolicyMayAllowToFlushLeftovers) {
  policy.flush_foreign = true;
  EXPECT_EQ(refusal(flush("80000001")), "");
}

TEST_F(GuardTest, AdoptsAnObjectThatCarriesOurMarker) {
  EXPECT_FALSE(guard().adopt(0x80000001)) << "nobody has looked at it";
  ASSERT_TRUE(send(read_public("80000001"), public_read(public_area(kNoDa, marker()))));
  EXPECT_NE(refusal(flush("80000001")), "") << "knowing it is not enough";
  EXPECT_TRUE(guard().adopt(0x80000001));
  EXPECT_EQ(refusal(flush("80000001")), "");
}

TEST_F(GuardTest, AdoptsNothingElse) {
  ASSERT_TRUE(send(read_public("80000001"), public_read(public_area(kNoDa, kDigest))));
  ASSERT_TRUE(send(read_public("81000001"), public_read(public_area(kNoDa, marker()))));
  EXPECT_FALSE(guard().adopt(0x80000001)) << "another policy";
  EXPECT_FALSE(guard().adopt(0x81000001)) << "a persistent object is no leftover";
  EXPECT_THAT(guard().own_handles(), IsEmpty());
}

TEST_F(GuardTest, AdoptsAChildOfAMarkedObjectAndNoOther) {
  const std::string name = "000b" + std::string(64, '1'), parent = "000b" + std::string(64, '2');
  const std::string child = digits(tpm::qualified_name(hex(parent), hex(name)));
  const auto show = [&](const std::string& handle, const std::string& policy_digest,
                        const std::string& qualified) {
    const std::string area = public_area(kNoDa, policy_digest);
    ASSERT_TRUE(send(read_public(handle), plain(0, area + sized(name) + sized(qualified))));
  };
  show("80000001", kDigest, child);
  EXPECT_FALSE(guard().adopt(0x80000001)) << "nobody has looked at its parent";
  show("80000000", marker(), parent);
  show("80000002", kDigest, parent);
  EXPECT_TRUE(guard().adopt(0x80000001));
  EXPECT_FALSE(guard().adopt(0x80000002));
}

TEST_F(GuardTest, AdoptsASessionBesideAnObjectOfOursOnly) {
  EXPECT_FALSE(guard().adopt(0x03000000));
  ASSERT_TRUE(send(read_public("80000001"), public_read(public_area(kNoDa, marker()))));
  EXPECT_FALSE(guard().adopt(0x03000000)) << "the object is not adopted yet";
  EXPECT_TRUE(guard().adopt(0x80000001));
  EXPECT_TRUE(guard().adopt(0x03000000));
}

TEST_F(GuardTest, RefusesTheSessionsOfOthers) {
  load_as("80000001", kNoDa);
  const Bytes use =
      message(0x8002, kSign,
              "80000001 00000009 02000000 0000 01 0000" + kDigest + "0018 000b 8024 40000007 0000");
  EXPECT_THAT(refusal(use), HasSubstr("0x02000000"));
  EXPECT_THAT(refusal(plain(kPolicyRestart, "03000001")), HasSubstr("0x03000001"));
}

TEST_F(GuardTest, OwnsASessionUntilItEnds) {
  const Bytes start = plain(kStartAuthSession, "40000007 40000007 0000 0000 00 0010 000b");
  ASSERT_TRUE(send(start, plain(0, "02000000 0000")));
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x02000000));
  load_as("80000001", kNoDa);
  const Bytes use =
      message(0x8002, kSign,
              "80000001 00000009 02000000 0000 01 0000" + kDigest + "0018 000b 8024 40000007 0000");
  const std::string signature = "00000008 0018 000b 0000 0000";
  ASSERT_TRUE(send(use, message(0x8002, 0, signature + "0000 01 0000")));
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x02000000, 0x80000001));
  ASSERT_TRUE(send(use, message(0x8002, 0, signature + "0000 00 0000")));
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x80000001));
}

TEST_F(GuardTest, OwnsASequenceUntilItIsComplete) {
  ASSERT_TRUE(send(plain(kHashSequenceStart, "0000 000b"), plain(0, "80000002")));
  EXPECT_THAT(guard().own_handles(), ElementsAre(0x80000002));
  const Bytes complete = authorized(kSequenceComplete, "80000002", "0000 40000007");
  ASSERT_TRUE(send(complete, response("", kDigest + "8024 40000007 0000")));
  EXPECT_THAT(guard().own_handles(), IsEmpty());
}

TEST_F(GuardTest, AfterAnInterruptionOnlyCleaningUpPasses) {
  load_as("80000001", kNoDa);
  interrupted = true;
  const auto result = send(plain(kGetRandom, "0008"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::interrupted);
  EXPECT_EQ(result.error().command, kGetRandom);
  EXPECT_EQ(send(plain(kShutdown, "0000")).error().kind, Error::Kind::interrupted);
  EXPECT_TRUE(send(flush("80000001")));
  EXPECT_EQ(send(flush("80000009")).error().kind, Error::Kind::refused);
}

TEST_F(GuardTest, APolicyLetsShutdownPassAfterAnInterruption) {
  policy.shutdown_when_stopped = true;
  interrupted = true;
  EXPECT_TRUE(send(plain(kShutdown, "0000")));
}

TEST_F(GuardTest, WhatCannotBeReadCountsAsTheWorst) {
  Bytes cut = sign("40000007");
  cut.resize(20);
  EXPECT_TRUE(tpm::describe(tpm::WireExchange(cut)).da_protected);
  EXPECT_TRUE(tpm::describe(tpm::WireExchange(plain(kFlushContext))).flush_foreign);
  EXPECT_FALSE(tpm::describe(tpm::WireExchange(plain(kReadPublic))).da_protected)
      << "it authorizes nothing";
}

TEST(SideEffects, AreDescribedWithoutATpm) {
  const auto effects =
      tpm::describe(tpm::WireExchange(authorized(kNvWrite, "40000001 01800000", "0000 0000")));
  EXPECT_EQ(effects.name, "TPM2_NV_Write");
  EXPECT_EQ(effects.effects, static_cast<std::uint16_t>(Effect::nv));
  EXPECT_FALSE(effects.da_protected);
  EXPECT_EQ(tpm::describe(tpm::WireExchange(plain(kFlushContext, "02000000"))).effects,
            static_cast<std::uint16_t>(Effect::session));
}

TEST(SideEffects, EachHasAClauseOfItsOwn) {
  std::set<std::string_view> clauses;
  for (unsigned bit = 1; bit <= static_cast<unsigned>(Effect::vendor); bit <<= 1U) {
    clauses.insert(tpm::clause_of(static_cast<std::uint16_t>(bit)));
  }
  EXPECT_EQ(clauses.size(), 13U);
  EXPECT_FALSE(clauses.contains("has an unknown effect"));
}

}  // namespace
}  // namespace tpmprobe::suites
