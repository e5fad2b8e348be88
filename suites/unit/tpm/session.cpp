// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/session.h"

#include <gmock/gmock.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/objects.h"
#include "tpm/commands/services.h"
#include "tpm/leftovers.h"

namespace tpmprobe::suites {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t kManufacturer = 0x105;

tpm::Session session_on(Script& script) {
  auto session = tpm::Session::open(script.transport());
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

/// Answer of TPM2_GetCapability: one property.
Bytes property(std::uint32_t tag, std::uint32_t value, bool more = false) {
  Bytes octets = plain(0, "00 00000006 00000001 00000000 00000000");
  octets[tpm::header::kSize] = more ? 1 : 0;
  tpm::header::store(octets, octets.size() - 8, 4, tag);
  tpm::header::store(octets, octets.size() - 4, 4, value);
  return octets;
}

TEST(Session, SendsNothingWhenItOpens) {
  Script script;
  const auto session = session_on(script);
  EXPECT_THAT(script.commands, IsEmpty());
}

TEST(Session, KeepsTheWholeCodeOfARefusalAndTheCommand) {
  Script script;
  script.answer = [](ByteView) { return plain(0x2c4); };
  auto session = session_on(script);
  const auto made = tpm::create_primary(session, tpm::Hierarchy::null, tpm::KeyTemplate{});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, Error::Kind::tpm);
  EXPECT_EQ(made.error().rc, 0x2c4U);
  EXPECT_EQ(made.error().command, 0x131U);
}

TEST(Session, TakesTheAnswerOfTheKernelsResourceManagerForAnAnswer) {
  Script script;
  script.answer = [](ByteView) { return plain(0x000b0143); };
  auto session = session_on(script);
  const auto count = tpm::read_clock(session);
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().kind, Error::Kind::tpm);
  EXPECT_EQ(count.error().rc, 0x000b0143U);
}

TEST(Session, KeepsWhatTheStackSaidInsteadOfTheTctiCode) {
  Script script;
  script.answer = [](ByteView) -> Expected<Bytes> {
    return fail(Error::Kind::gave_up, 0x17a, "RETRY for 10 s", 0x922);
  };
  auto session = session_on(script);
  const auto value = tpm::read_property(session, kManufacturer);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind, Error::Kind::gave_up);
  EXPECT_EQ(value.error().rc, 0x922U);
  EXPECT_EQ(script.commands.size(), 1U) << "ESYS must not submit it five times more";
}

TEST(Session, GoesOnAfterAFailureBelowEsys) {
  Script script;
  script.answer = [&](ByteView) -> Expected<Bytes> {
    if (script.commands.size() == 1) return fail(Error::Kind::closed, 0, "the connection ended");
    return property(kManufacturer, 0x49424d00);
  };
  auto session = session_on(script);
  EXPECT_FALSE(tpm::read_property(session, kManufacturer));
  const auto value = tpm::read_property(session, kManufacturer);
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(*value, 0x49424d00U);
}

TEST(Session, TellsAMissingPropertyFromItsNeighbour) {
  Script script;
  script.answer = [](ByteView) { return property(0x200, 7); };
  auto session = session_on(script);
  const auto value = tpm::read_property(session, 0x12c);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, std::nullopt);
}

TEST(Capabilities, EndWhereATpmRepeatsItself) {
  Script script;
  script.answer = [](ByteView) { return property(0x100, 1, /*more=*/true); };
  auto session = session_on(script);
  const auto reading = tpm::read_capabilities(session);
  ASSERT_FALSE(reading.faults.empty());
  EXPECT_EQ(reading.faults.front().list, "properties_fixed");
  EXPECT_EQ(reading.faults.front().error.kind, Error::Kind::malformed);
  EXPECT_EQ(reading.capabilities.properties_fixed->size(), 1U) << "what came is kept";
  EXPECT_LT(script.commands.size(), 100U);
}

TEST(Capabilities, AskADeadTpmOnce) {
  Script script;
  script.answer = [](ByteView) -> Expected<Bytes> {
    return fail(Error::Kind::timeout, 0, "no answer");
  };
  auto session = session_on(script);
  const auto reading = tpm::read_capabilities(session);
  EXPECT_EQ(script.commands.size(), 1U);
  EXPECT_EQ(reading.faults.size(), 1U);
  EXPECT_FALSE(reading.capabilities.properties_fixed);
}

TEST(Capabilities, AreUnknownAndNotEmptyWhenRefused) {
  Script script;
  script.answer = [](ByteView) { return plain(0x2c4); };
  auto session = session_on(script);
  const auto reading = tpm::read_capabilities(session);
  EXPECT_EQ(reading.capabilities.algorithms, std::nullopt);
  EXPECT_EQ(reading.capabilities.handles.transient, std::nullopt);
  EXPECT_GE(reading.faults.size(), 12U) << "every list was asked for";
}

TEST(TpmLock, IsHeldByOneProcessPerTpmAndFreeAfterwards) {
  auto first = tpm::TpmLock::acquire("a test's TPM");
  ASSERT_TRUE(first);
  EXPECT_FALSE(tpm::TpmLock::acquire("a test's TPM"));
  EXPECT_TRUE(tpm::TpmLock::acquire("another TPM"));
  first.reset();
  EXPECT_TRUE(tpm::TpmLock::acquire("a test's TPM"));
}

}  // namespace
}  // namespace tpmprobe::suites
