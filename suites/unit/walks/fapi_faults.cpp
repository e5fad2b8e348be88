// SPDX-License-Identifier: BSD-2-Clause
// What tss2 3.2.1 and 4.1.3 really wrote.
#include <gtest/gtest.h>

#include "walks/fapi/runner.h"

namespace tpmprobe::walks {
namespace {

using Lines = std::vector<std::string>;

std::string_view id_of(const Lines& log) {
  const auto fault = recognise_fapi(log);
  return fault ? fault->message->id : "none";
}

TEST(FapiFaults, NoEkCertificate) {
  const Lines log{
      "ERROR:fapi:src/tss2-fapi/api/Fapi_Provision.c:1488:Fapi_Provision_Finish() ErrorCode "
      "(0x00060025) No EK certifcate found for current crypto profile found. You may want to "
      "switch the profile in fapi-config or set the ek_cert_less or ek_cert_file options in "
      "fapi-config.",
      "ERROR:esys:src/tss2-esys/esys_iutil.c:1154:esys_GetResourceObject() Error: Esys invalid "
      "ESAPI handle (ff).",
      "WARNING:esys:src/tss2-esys/esys_tr.c:398:Esys_TR_Close() Error: Esys handle does not exist "
      "(7000b)."};
  const auto fault = recognise_fapi(log);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message->id, "fapi-ek-none");
  EXPECT_EQ(fault->line, 0u);  // and none of those that mislead
  EXPECT_NE(fault->message->causes.front().fix.find("\"ek_cert_less\": \"yes\","),
            std::string_view::npos);
}

TEST(FapiFaults, LinesThatTellNothingArePassedOver) {
  const auto fault = recognise_fapi(
      Lines{"WARNING:esys:src/tss2-esys/api/Esys_NV_ReadPublic.c:309: Received TPM Error",
            "ERROR:fapi:src/tss2-fapi/api/Fapi_Provision.c:815 No EK certificate found."});
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->line, 1u);
}

TEST(FapiFaults, ACertificateThatCannotBeChecked) {
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/fapi_crypto.c:2082:ifapi_verify_ek_cert() No "
                   "certificate downloaded",
                   "ERROR:fapi:src/tss2-fapi/api/Fapi_Provision.c:969:Fapi_Provision_Finish() "
                   "ErrorCode (0x00060025) Verify EK certificate"}),
            "fapi-ek-no-issuer");
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/fapi_crypto.c:2120:ifapi_verify_ek_cert() "
                   "self-signed certificate",
                   "ERROR:fapi:fapi_crypto.c: ErrorCode (0x00060001) Failed to verify "
                   "intermediate certificate"}),
            "fapi-ek-unknown-ca");
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/ifapi_curl.c:307:ifapi_curl_verify_ek_cert() unable "
                   "to get local issuer certificate",
                   "ERROR:fapi:src/tss2-fapi/ifapi_curl.c:308:ifapi_curl_verify_ek_cert() "
                   "ErrorCode (0x00060001) Failed to verify EK certificate"}),
            "fapi-ek-unknown-ca");  // tss2 4.1.3
}

TEST(FapiFaults, AProfileOf3072BitsEndsThemAll) {
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/tpm_json_deserialize.c:1: "
                   "TPMI_RSA_KEY_BITS_deserialize() Bad sub-value",
                   "ERROR:fapi:x.c:2:y() Bad value for field \"keyBits\".",
                   "ERROR:fapi:x.c:3:y() Parsing profile /p/P_RSA3072SHA384.json failed"}),
            "fapi-profile-key-bits");
  EXPECT_EQ(id_of({"ERROR:fapi:x.c:1:y() ErrorCode (0x0006000b) Invalid flag: user"}),
            "fapi-profile-newer");
}

TEST(FapiFaults, APcrBankThatTheTpmHasNot) {
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/ifapi_helpers.c:2222:"
                   "ifapi_check_profile_pcr_selection() Hash alg for PCR selection not "
                   "available. ErrorCode (0x0006000b)"}),
            "fapi-pcr-bank");
}

TEST(FapiFaults, NotProvisionedYet) {
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/ifapi_keystore.c:1:x() Profile of path not "
                   "provisioned: /HS/SRK"}),
            "fapi-not-provisioned");
}

TEST(FapiFaults, ADigestOfTheWrongSize) {
  EXPECT_EQ(id_of({"ERROR:fapi:src/tss2-fapi/fapi_util.c:3687:ifapi_get_sig_scheme() "
                   "ErrorCode (0x0006000b) Invalid digest size."}),
            "fapi-digest-size");
}

TEST(FapiFaults, WhatIsNotOfFapiTellsNothing) {
  EXPECT_EQ(id_of({}), "none");
  EXPECT_EQ(id_of({"ERROR:esys:src/tss2-esys/api/Esys_Create.c:134:Esys_Create() Esys Finish "
                   "ErrorCode (0x000002c4)"}),
            "none");
}

}  // namespace
}  // namespace tpmprobe::walks
