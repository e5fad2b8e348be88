// SPDX-License-Identifier: BSD-2-Clause
// What the doctor says of the TPM itself.
#include "suites/unit/doctor/doctor_fixture.h"

namespace tpmprobe::doctor {
namespace {

using ::testing::HasSubstr;

TEST_F(Doctor, FailureMode) {
  machine_.tpm.failed = true;
  machine_.tpm.test_result = 0x101;
  EXPECT_EQ(first().id, "tpm.self-test");
  EXPECT_THAT(first().evidence, HasSubstr("failure mode"));
  machine_.tpm.failed = false;
  EXPECT_EQ(first().id, "tpm.self-test");
  machine_.tpm.test_result = 0x153;  // TPM_RC_NEEDS_TEST
  EXPECT_EQ(line("tpm.self-test").health, Health::ok);
}

TEST_F(Doctor, ATpmThatWasNeverStarted) {
  machine_.tpm = {};
  machine_.tpm.asleep = true;
  machine_.tpm.unreachable = "nothing";
  EXPECT_EQ(first().id, "tpm.answers");
  EXPECT_THAT(first().fix, HasSubstr("tpm2_startup -c"));
}

TEST_F(Doctor, ATpmThatDoesNotAnswer) {
  machine_.tpm = {};
  machine_.tpm.unreachable = "nobody listens";
  EXPECT_THAT(line("tpm.answers").fix, HasSubstr("The other lines say why."));
  machine_.named_tcti = "device:/dev/tpmrm0";
  EXPECT_THAT(line("tpm.answers").fix, HasSubstr("The other lines say why."));
  machine_.named_tcti = "swtpm:path=/nonexistent";
  EXPECT_THAT(line("tpm.answers").fix, HasSubstr("Is it running? Check --tcti."));
  EXPECT_THAT(line("tpm.answers").fix, ::testing::Not(HasSubstr("other lines")));
}

TEST_F(Doctor, LockoutWithoutForgetting) {
  machine_.tpm.identity.lockout = LockoutState{false, false, 3, 32, 0, 0};
  EXPECT_THAT(first().evidence, HasSubstr("failed attempts are not counted"));
  machine_.tpm.identity.lockout = LockoutState{false, true, 3, 32, 60, 0};
  EXPECT_THAT(first().evidence,
              HasSubstr("29 left; one is forgotten within 60 s, all within 3 min"));
  EXPECT_THAT(first().fix, HasSubstr("until the next TPM reset"));
  EXPECT_THAT(line("tpm.lockout-auth").evidence, HasSubstr("as Windows and tss2_provision -L"));
}

TEST_F(Doctor, AHierarchyWithAPasswordOrOff) {
  machine_.tpm.identity.hierarchies = {{"owner", true, true}};
  EXPECT_EQ(first().id, "tpm.owner");
  EXPECT_THAT(first().evidence, HasSubstr("0x9a2"));
  machine_.tpm.identity.hierarchies = {{"endorsement", false, false}};
  EXPECT_EQ(first().health, Health::fail);
}

TEST_F(Doctor, SlotsAreFullByWhatTheTpmSays) {
  auto& capabilities = machine_.tpm.capabilities;
  capabilities.handles.transient = {{0x80000000, 0x80000001, 0x80000002}};
  capabilities.properties_variable = {{{0x207, 4}, {0x204, 3}}};
  EXPECT_EQ(line("tpm.slots").health, Health::ok);  // a TPM with seven slots
  capabilities.properties_variable = {{{0x207, 0}, {0x204, 3}}};
  machine_.tpm.own_objects = 1;
  EXPECT_EQ(first().id, "tpm.slots");
  EXPECT_THAT(first().evidence, HasSubstr("3 objects (1 from a killed tpmprobe) and 0 sessions"));
  EXPECT_THAT(first().fix, HasSubstr("tpm2_flushcontext -t"));
  machine_.tcti = "device:/dev/tpmrm0";
  EXPECT_EQ(line("tpm.slots").health, Health::ok);
  EXPECT_THAT(line("tpm.slots").evidence, HasSubstr("hides those of other programs"));
}

TEST_F(Doctor, NoPcrBank) {
  machine_.tpm.capabilities.pcr_banks = {{{0x000b, {0, 0, 0}}, {0x0004, {255, 255, 255}}}};
  EXPECT_EQ(line("tpm.pcr-banks").evidence, "PCR banks in use: sha1; empty: sha256");
  machine_.tpm.capabilities.pcr_banks = {{{0x000b, {0, 0, 0}}}};
  EXPECT_EQ(first().id, "tpm.pcr-banks");
}

TEST_F(Doctor, EkCertificatesAreDescribed) {
  EXPECT_EQ(
      line("tpm.ek-certificates").evidence,
      "EK certificate RSA2048: RSA-2048, issued by Maker CA 7; gives the address of its issuer");
  machine_.tpm.ek_certificates.front().certificate->not_after_s = 1'600'000'000;
  EXPECT_EQ(first().id, "tpm.ek-certificates");
  EXPECT_THAT(first().evidence, HasSubstr("valid only from 1970-01-01 to 2020-09-13"));
  machine_.tpm.ek_certificates.front() = {0x01c00002, std::nullopt, "reading it needs a password"};
  EXPECT_THAT(line("tpm.ek-certificates").evidence,
              HasSubstr("exists but was not read: reading it"));
}

TEST_F(Doctor, ClearedSinceByTheResetCount) {
  machine_.earlier = ReportFacts{.manufacturer = "AMD", .reset_count = 12};
  EXPECT_EQ(first().id, "tpm.since");
  EXPECT_THAT(first().evidence, HasSubstr("its reset count fell from 12 to 10"));
}

TEST_F(Doctor, ClearedSinceAndManyResetsLater) {
  machine_.earlier = ReportFacts{.manufacturer = "AMD", .reset_count = 9};
  EXPECT_EQ(line("tpm.since").health, Health::unknown);
  EXPECT_THAT(line("tpm.since").evidence,
              HasSubstr("went from 9 to 10: either only resets, or a clear"));
  EXPECT_THAT(line("tpm.since").fix, HasSubstr("--now now.json"));
  machine_.earlier->owner_primary_name = "aa";
  machine_.present = ReportFacts{.manufacturer = "AMD", .owner_primary_name = "bb"};
  EXPECT_EQ(first().id, "tpm.since");
  EXPECT_EQ(first().health, Health::fail);
  EXPECT_THAT(first().fix, HasSubstr("permanently lost"));
  machine_.present->owner_primary_name = "aa";
  machine_.earlier->reset_count = 99;  // the primary knows better
  EXPECT_EQ(line("tpm.since").health, Health::ok);
}

TEST_F(Doctor, ObjectsThatAreGoneSince) {
  machine_.earlier = ReportFacts{
      .manufacturer = "AMD", .reset_count = 9, .persistent = {{kSrk, 0x81000007, 0x81800001}}};
  EXPECT_THAT(line("tpm.since").evidence, HasSubstr("0x81000007 is gone since"));
  EXPECT_EQ(line("tpm.since").health, Health::unknown);
}

TEST_F(Doctor, AReportOfAnotherTpm) {
  machine_.earlier = ReportFacts{.manufacturer = "IBM"};
  EXPECT_EQ(first().id, "tpm.since");
  EXPECT_THAT(first().evidence, HasSubstr("from another TPM"));
}

}  // namespace
}  // namespace tpmprobe::doctor
