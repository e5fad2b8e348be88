// SPDX-License-Identifier: BSD-2-Clause
// The doctor on a TPM that nothing was done to, and what it asks of one.
#include <csignal>
#include <fstream>

#include "knowledge/command_codes.h"
#include "suites/support/waiting.h"
#include "suites/swtpm/doctor_support.h"
#include "suites/swtpm/private_broker.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(DoctorOnSwtpm, NothingIsWrongAndNothingIsLeft) {
  const auto report = examine(0);
  for (const auto* id : {"tpm.answers", "tpm.self-test", "tpm.lockout", "tpm.owner", "tpm.slots",
                         "tpm.pcr-banks", "versions.pair"}) {
    EXPECT_EQ(line_of(report, id).at("health"), "ok") << id;
  }
  EXPECT_EQ(report.at("summary").at("fail"), 0);
  EXPECT_EQ(files_at_home(), 0u);
}

class DoctorAndEkCertificate : public DoctorOnSwtpm {
 protected:
  /// An EK certificate in NV memory, where the maker of a TPM puts it.
  void SetUp() override {
    DoctorOnSwtpm::SetUp();
    const auto folder = tpm::PrivateDirectory::create();
    const std::string file = folder->path() / "ek.der";
    const auto made = run_program({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                                   "-keyout", "/dev/null", "-subj", "/CN=secretsubject",
                                   "-set_serial", "0x5ec5e71a1", "-outform", "DER", "-out", file});
    ASSERT_TRUE(made.status.succeeded()) << made.errors;
    const auto size = std::to_string(content_of(file).size());
    tool({"tpm2_nvdefine", "-Q", "0x1c00002", "-C", "p", "-s", size, "-a",
          "ppwrite|ppread|ownerread|authread|no_da|platformcreate|writedefine"});
    tool({"tpm2_nvwrite", "-Q", "0x1c00002", "-C", "p", "-i", file});
    tool({"tpm2_createprimary", "-Q", "-G", "ecc", "-c", folder->path() / "p"});
    tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", folder->path() / "p", "0x81000001"});
    tool({"tpm2_flushcontext", "-t"});
  }
};

TEST_F(DoctorAndEkCertificate, AsksByReadsOnly) {
  namespace cc = knowledge::cc;
  examine(0);
  constexpr std::uint32_t kNvReadPublic = 0x169, kNvRead = 0x14e, kReadPublic = 0x173,
                          kGetCapability = 0x17a, kGetTestResult = 0x17c, kReadClock = 0x181;
  const auto commands = relay_->commands();
  EXPECT_THAT(commands, Each(::testing::AnyOf(kNvReadPublic, kNvRead, kReadPublic, kGetCapability,
                                              kGetTestResult, kReadClock)));
  EXPECT_THAT(commands, AllOf(Contains(kNvRead), Contains(kReadPublic), Contains(kGetTestResult)));
}

TEST_F(DoctorAndEkCertificate, TellsOfItWhatNamesNoTpm) {
  const auto report = examine(0);
  EXPECT_THAT(line_of(report, "tpm.ek-certificates").at("evidence").get<std::string>(),
              HasSubstr("EK certificate RSA2048: RSA-2048, issued by "));
  // The issuer is its own subject here, and no other word of the certificate is told.
  EXPECT_THAT(report.dump(), Not(HasSubstr("5ec5e71a1")));
}

TEST_F(DoctorAndEkCertificate, ReadsItByTheIndexIfTheOwnerHasAPassword) {
  tool({"tpm2_changeauth", "-c", "o", "secret"});
  const auto report = examine(1);
  EXPECT_EQ(first_of(report).at("id"), "tpm.owner");
  EXPECT_THAT(line_of(report, "tpm.ek-certificates").at("evidence").get<std::string>(),
              HasSubstr("RSA-2048, issued by "));
  EXPECT_THAT(tool({"tpm2_getcap", "properties-variable"}),
              HasSubstr("TPM2_PT_LOCKOUT_COUNTER: 0x0"));
}

TEST_F(DoctorOnSwtpm, ABrokerOnTheSystemBus) {
  const PrivateBroker broker(swtpm_->tcti());
  json report;
  // The doctor gives the bus less than a second; where that is too short, it looks again.
  ASSERT_TRUE(comes_true([&] {
    report = examine(0, {}, {{"DBUS_SYSTEM_BUS_ADDRESS", broker.address()}});
    const auto evidence = line_of(report, "abrmd.service").at("evidence").get<std::string>();
    return evidence.find("com.intel.tss2.Tabrmd is on the system bus") != std::string::npos;
  }));
  EXPECT_THAT(line_of(report, "tcti.tools").at("evidence").get<std::string>(),
              HasSubstr("uses tabrmd (tss2's default order)"));
}

TEST_F(DoctorOnSwtpm, SlotsThatSomebodyFilled) {
  load_foreign_objects(3);
  const auto first = first_of(examine(1));
  EXPECT_EQ(first.at("id"), "tpm.slots");
  EXPECT_THAT(first.at("evidence").get<std::string>(),
              HasSubstr("there is room for 0 more objects and"));
}

TEST_F(DoctorOnSwtpm, AnAgentWhoseListLacksTheModule) {
  const std::string socket = home_.path() / "agent";
  RunningProgram agent({"ssh-agent", "-D", "-a", socket, "-P", "/opt/*"});
  ASSERT_TRUE(agent.wait_until([&] { return agent.output().ends_with('\n'); })) << agent.errors();
  const auto report =
      examine(1, {}, {{"SSH_AUTH_SOCK", socket}, {"SSH_AGENT_PID", std::to_string(agent.pid())}});
  EXPECT_EQ(first_of(report).at("id"), "ssh.agent");
  EXPECT_THAT(first_of(report).at("evidence").get<std::string>(),
              HasSubstr("accepts modules only from /opt/*, not /usr/lib/"));
  agent.signal(SIGTERM);
}

TEST_F(DoctorOnSwtpm, NamesNoUserAndNoHome) {
  std::filesystem::create_directories(home_.path() / "secretname");
  const auto home = (home_.path() / "secretname").string();
  std::filesystem::create_directory(home + "/.tpm2_pkcs11");
  std::ofstream(home + "/.tpm2_pkcs11/tpm2_pkcs11.sqlite3") << "this is no database at all";
  const auto report = examine(1, {}, {{"HOME", home}, {"USER", "secretname"}});
  EXPECT_EQ(first_of(report).at("id"), "pkcs11.store");
  EXPECT_THAT(report.dump(), Not(HasSubstr("secretname")));
}

TEST(Doctor, WithoutTpmTheOtherLinesAreThere) {
  const auto run =
      run_tpmprobe({"doctor", "--tcti", "swtpm:path=/nonexistent", "--format", "json"});
  EXPECT_EQ(run.status.code, 3);
  const auto report = parse_doctor(run.output);
  EXPECT_EQ(first_of(report).at("id"), "tpm.answers");
  EXPECT_NE(line_of(report, "device.nodes").at("health"), "none");
}

TEST(Doctor, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(run_tpmprobe({"doctor", "--emulated", "--since", "/nonexistent"}).status.code, 2);
  EXPECT_EQ(run_tpmprobe({"doctor", "--emulated", "--now", "/dev/null"}).status.code, 2);
  EXPECT_EQ(run_tpmprobe({"doctor", "--format", "xml"}).status.code, 2);
}

}  // namespace
}  // namespace tpmprobe::suites
