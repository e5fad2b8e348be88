// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/unit/knowledge/wire_data.h"

namespace tpmprobe::knowledge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const CommandInfo& command(std::string_view name) {
  return *find_command(name);
}

/// Octets whose header says how many they are.
Octets framed(std::string_view text) {
  auto octets = from_hex(text);
  octets[5] = static_cast<std::uint8_t>(octets.size());
  return octets;
}

std::vector<std::string> paths(const std::vector<WireField>& fields) {
  std::vector<std::string> all;
  for (const auto& field : fields) {
    all.push_back(field.path);
  }
  return all;
}

// TPM2_Sign with a password session, a 32-octet digest, TPM_ALG_NULL and an empty ticket.
const char* const kSign =
    "8002 00000049 0000015d 80000001"
    "00000009 40000009 0000 00 0000"
    "0020 1111111111111111111111111111111111111111111111111111111111111111"
    "0010 8024 40000007 0000";

TEST(WireCommandSplit, FindsHandlesAuthorizationsAndParameters) {
  const auto octets = framed(kSign);
  const auto parts = split_command(octets);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->tag, 0x8002);
  EXPECT_EQ(parts->info->name, "Sign");
  EXPECT_THAT(parts->handles, ElementsAre(0x80000001U));
  ASSERT_EQ(parts->auths.size(), 1U);
  EXPECT_EQ(parts->auths[0].session, 0x40000009U);
  EXPECT_TRUE(parts->auths[0].hmac.empty());
  EXPECT_EQ(parts->parameters_offset, 27U);
  EXPECT_EQ(parts->parameters.size(), 44U);
}

TEST(WireCommandSplit, PasswordIsTheHmacOfTheSession) {
  const auto octets =
      framed("8002 00000000 0000015e 80000001 0000000d 40000009 0000 00 0004 70617373");
  const auto parts = split_command(octets);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(std::string(parts->auths[0].hmac.begin(), parts->auths[0].hmac.end()), "pass");
}

TEST(WireCommandRead, NamesEveryParameter) {
  const auto octets = framed(kSign);
  const auto fields = read_parameters(*split_command(octets));
  ASSERT_TRUE(fields) << fields.error().message;
  EXPECT_THAT(paths(*fields),
              ElementsAre("digest", "digest.size", "digest.buffer", "inScheme", "inScheme.scheme",
                          "inScheme.details", "inScheme.details.null", "validation",
                          "validation.tag", "validation.hierarchy", "validation.digest",
                          "validation.digest.size", "validation.digest.buffer"));
  const auto* digest = find_field(*fields, "digest.buffer");
  EXPECT_EQ(digest->offset, 29U);
  EXPECT_EQ(digest->size, 32U);
  EXPECT_FALSE(digest->is_integer);
  const auto* hierarchy = find_field(*fields, "validation.hierarchy");
  EXPECT_EQ(hierarchy->type, "TPMI_RH_HIERARCHY");
  EXPECT_EQ(hierarchy->value, 0x40000007U);
  EXPECT_TRUE(hierarchy->is_integer);
  EXPECT_EQ(find_field(*fields, "nothing"), nullptr);
}

TEST(WireCommandSplit, RefusesWhatIsNoCommand) {
  EXPECT_THAT(split_command({}).error().message, HasSubstr("0 bytes"));
  EXPECT_THAT(split_command(from_hex("8003 0000000a 0000017b")).error().message,
              HasSubstr("0x8003"));
  EXPECT_THAT(split_command(from_hex("8001 0000000b 0000017b")).error().message,
              HasSubstr("says 11 bytes, there are 10"));
  EXPECT_THAT(split_command(from_hex("8001 0000000a 20000001")).error().message,
              HasSubstr("0x20000001"));
  EXPECT_THAT(split_command(from_hex("8001 0000000c 00000173 8000")).error().message,
              HasSubstr("inside its handles"));
}

TEST(WireCommandSplit, RefusesImpossibleAuthorizationAreas) {
  // longer than the command, empty, cut inside an entry, four entries
  for (const auto* area : {"000000ff", "00000000", "00000008 40000009 0000 00 00",
                           "00000024 40000009 0000 00 0000 40000009 0000 00 0000"
                           "40000009 0000 00 0000 40000009 0000 00 0000"}) {
    const auto octets = framed(std::string("8002 00000000 0000015e 80000001") + area);
    EXPECT_FALSE(split_command(octets)) << area;
  }
}

TEST(WireCommandRead, DecryptSessionMakesTheFirstParameterOpaque) {
  auto octets = framed(
      "8002 00000000 00000153 80000001 00000009 02000000 0000 20 0000"
      "0004 deadbeef 0008 0102030405060708 0000 00000000");
  const auto parts = split_command(octets);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_THAT(read_parameters(*parts).error().message, HasSubstr("inPublic"));
  octets[10 + 4 + 4 + 4 + 2] = 0;  // the attributes
  EXPECT_THAT(read_parameters(*split_command(octets)).error().message, HasSubstr("inSensitive"));
}

TEST(WireResponseRead, EncryptSessionMakesTheFirstParameterOpaque) {
  const auto octets = framed("8002 00000000 00000000 00000006 0004 deadbeef 0000 41 0000");
  const auto parts = split_response(command("Unseal"), 1, octets);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->auths[0].attributes, 0x41);
  EXPECT_THAT(paths(*read_parameters(command("Unseal"), *parts)),
              ElementsAre("outData", "outData.size", "outData.buffer"));
  auto point = parts;
  EXPECT_TRUE(check_parameters(command("ECDH_ZGen"), *point));
  point->auths[0].attributes = 1;
  EXPECT_FALSE(check_parameters(command("ECDH_ZGen"), *point));
}

TEST(WireResponseSplit, FindsHandlesParametersAndAuthorizations) {
  const auto octets =
      framed("8002 00000000 00000000 80ffffff 00000008 0006 000b aaaabbbb 0002 0102 01 0002 0304");
  const auto parts = split_response(command("Load"), 1, octets);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_THAT(parts->handles, ElementsAre(0x80ffffffU));
  EXPECT_EQ(parts->parameters_offset, 18U);
  EXPECT_EQ(parts->parameters.size(), 8U);
  EXPECT_EQ(parts->auths[0].session, 0U);
  EXPECT_EQ(parts->auths[0].hmac.size(), 2U);
  EXPECT_TRUE(check_parameters(command("Load"), *parts));
}

TEST(WireResponseSplit, ErrorIsTenOctetsWithTagNoSessions) {
  const auto good = from_hex("8001 0000000a 000001d5");
  const auto parts = split_response(command("Sign"), 1, good);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->rc, 0x1d5U);
  EXPECT_TRUE(check_parameters(command("Sign"), *parts));
  EXPECT_THAT(
      split_response(command("Sign"), 1, from_hex("8002 0000000a 000001d5")).error().message,
      HasSubstr("must have tag 0x8001"));
  EXPECT_THAT(
      split_response(command("Sign"), 1, from_hex("8001 0000000b 000001d5 00")).error().message,
      HasSubstr("11 bytes, not 10"));
}

TEST(WireResponseSplit, TagMustFitTheSessionsOfTheCommand) {
  const auto octets = from_hex("8001 0000000a 00000000");
  EXPECT_TRUE(split_response(command("FlushContext"), 0, octets));
  EXPECT_THAT(split_response(command("Clear"), 1, octets).error().message,
              HasSubstr("tag 0x8001 in the response to a command with 1"));
}

TEST(WireResponseSplit, NumberOfAuthorizationsMustFit) {
  const auto one = framed("8002 00000000 00000000 00000000 0000 01 0000");
  EXPECT_TRUE(split_response(command("Clear"), 1, one));
  EXPECT_THAT(split_response(command("Clear"), 2, one).error().message,
              HasSubstr("inside its authorizations"));
  const auto two = framed("8002 00000000 00000000 00000000 0000 01 0000 0000 01 0000");
  EXPECT_TRUE(split_response(command("Clear"), 2, two));
  EXPECT_THAT(split_response(command("Clear"), 1, two).error().message,
              HasSubstr("5 bytes are left over"));
}

TEST(WireResponseSplit, SaysThatATpm12Answered) {
  const auto octets = from_hex("00c4 0000000a 0000001e");
  const auto error = split_response(command("GetCapability"), 0, octets).error().message;
  EXPECT_THAT(error, HasSubstr("TPM 1.2"));
  EXPECT_THAT(error, HasSubstr("0x01e"));
}

TEST(WireErrors, SayWhereAndHowMuchIsMissing) {
  const auto octets = framed("8001 00000000 00000000 0008 01020304");
  const auto parts = split_response(command("GetRandom"), 0, octets);
  ASSERT_TRUE(parts);
  const auto error = check_parameters(command("GetRandom"), *parts).error();
  EXPECT_EQ(error.message, "the data ends 4 bytes early in randomBytes.buffer");
  EXPECT_EQ(error.offset, 12U);
}

TEST(WireErrors, RefuseBuffersLongerThanTheirType) {
  Octets parameters(2 + 65);
  parameters[1] = 65;
  WireResponse response;
  response.parameters = parameters;
  EXPECT_THAT(check_parameters(command("GetRandom"), response).error().message,
              HasSubstr("size 65 is more than the 64"));
}

TEST(WireErrors, RefuseEmptyStructuresUnlessTheyAreOptional) {
  WireResponse response;
  const auto nothing = from_hex("0000 0000 0000");
  response.parameters = nothing;
  EXPECT_THAT(check_parameters(command("ReadPublic"), response).error().message,
              HasSubstr("size is 0 in outPublic"));
  const auto points = from_hex("0000 0000 0000 0001");
  response.parameters = points;
  EXPECT_TRUE(check_parameters(command("Commit"), response));
}

TEST(WireErrors, RefuseSelectorsThatDoNotExist) {
  WireResponse response;
  const auto signature = from_hex("0099 000b 0000");
  response.parameters = signature;
  EXPECT_THAT(check_parameters(command("Sign"), response).error().message,
              HasSubstr("selector 0x0099 is not one of TPMU_SIGNATURE in signature.signature"));
}

TEST(WireErrors, RefuseCountsThatCannotFit) {
  WireResponse response;
  const auto many = from_hex("00 00000000 ffffffff 0001 00000000");
  response.parameters = many;
  EXPECT_THAT(check_parameters(command("GetCapability"), response).error().message,
              HasSubstr("count 4294967295 is more than 1"));
  const auto nine =
      from_hex("00000000 00000000 00000009 0000 0000 0000 0000 0000 0000 0000 0000 0000");
  response.parameters = nine;
  EXPECT_THAT(check_parameters(command("PCR_Read"), response).error().message,
              HasSubstr("count 9 is more than 8"));
}

TEST(WireResponseRead, CapabilitiesOfTheVendorAreOpaque) {
  WireResponse response;
  const auto vendor = from_hex("00 00000100 0102030405");
  response.parameters = vendor;
  const auto fields = read_parameters(command("GetCapability"), response);
  ASSERT_TRUE(fields) << fields.error().message;
  EXPECT_EQ(find_field(*fields, "capabilityData.data.vendorData")->size, 5U);
}

TEST(WireResponseRead, ElementsOfListsAreNamedByIndex) {
  WireResponse response;
  const auto algorithms = from_hex("01 00000000 00000002 0001 00000009 000b 00000004");
  response.parameters = algorithms;
  const auto fields = read_parameters(command("GetCapability"), response);
  ASSERT_TRUE(fields) << fields.error().message;
  EXPECT_EQ(find_field(*fields, "moreData")->value, 1U);
  EXPECT_EQ(find_field(*fields, "capabilityData.data.algorithms.count")->value, 2U);
  EXPECT_EQ(find_field(*fields, "capabilityData.data.algorithms.1.alg")->value, 0xbU);
  EXPECT_EQ(find_field(*fields, "capabilityData.data.algorithms.1.algProperties")->value, 4U);
}

TEST(WireStructures, ReadFromTheStartOfWhatIsGiven) {
  const auto octets = from_hex(
      "005a 0023 000b 00040072 0000 0010 0018 000b 0003 0010"
      "0020 1111111111111111111111111111111111111111111111111111111111111111"
      "0020 2222222222222222222222222222222222222222222222222222222222222222 ff");
  auto sized = octets;
  sized[1] = static_cast<std::uint8_t>(octets.size() - 3);
  const auto area = read_structure("TPM2B_PUBLIC", sized);
  ASSERT_TRUE(area) << area.error().message;
  EXPECT_EQ(area->consumed, octets.size() - 1);
  EXPECT_EQ(find_field(area->fields, "publicArea.parameters.eccDetail.curveID")->value, 3U);
  EXPECT_EQ(find_field(area->fields, "publicArea.unique.ecc.y.buffer")->size, 32U);
  EXPECT_THAT(read_structure("TPM2B_NONSENSE", octets).error().message,
              HasSubstr("no type TPM2B_NONSENSE"));
}

TEST(WireStructures, AttestationsAreReadInside) {
  const auto octets = from_hex(
      "ff544347 8018 0000 0000 0000000000000001 00000002 00000003 01 0000000000000004"
      "00000001 000b 03 070000 0002 abcd");
  const auto attest = read_structure("TPMS_ATTEST", octets);
  ASSERT_TRUE(attest) << attest.error().message;
  EXPECT_EQ(attest->consumed, octets.size());
  EXPECT_EQ(find_field(attest->fields, "attested.quote.pcrSelect.0.pcrSelect")->size, 3U);
}

TEST(WireCodes, AreZeroWhereThereIsNoHeader) {
  EXPECT_EQ(command_code(from_hex("8001 0000000a 0000017b")), 0x17bU);
  EXPECT_EQ(response_code(from_hex("8001 0000000a 00000922")), 0x922U);
  EXPECT_EQ(command_code(from_hex("8001 0000000a 000001")), 0U);
  EXPECT_EQ(response_code({}), 0U);
}

}  // namespace
}  // namespace tpmprobe::knowledge
