// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe emulator` and the programs that people have.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "emulator/embedded_tpm.h"
#include "emulator/swtpm_process.h"
#include "knowledge/wire.h"
#include "suites/swtpm/private_broker.h"
#include "suites/swtpm/program.h"

namespace tpmprobe::suites {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

bool is_free(std::uint16_t port) {
  const tpm::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// The first of two ports that nobody uses just now; below those that the kernel gives away.
std::uint16_t free_ports() {
  std::uint16_t port = 23211;
  while (!is_free(port) || !is_free(port + 1)) port += 2;
  return port;
}

/// `tpmprobe emulator OPTIONS -- sh -c SCRIPT`, in a folder of its own.
class EmulatorFor : public ::testing::Test {
 protected:
  ProgramResult script(const std::string& text, Words options = {}) {
    options.insert(options.begin(), "emulator");
    const std::string entered = "set -e; cd " + folder_.path().string() + "; " + text;
    options.insert(options.end(), {"--", "sh", "-c", entered});
    return run_tpmprobe(options);
  }
  /// It says how it is reached when it can be reached.
  static bool is_open(const RunningProgram& emulator) {
    return emulator.output().find("export TPM2TOOLS_TCTI=") != std::string::npos;
  }
  [[nodiscard]] std::string path(const char* name) const { return folder_.path() / name; }

  tpm::PrivateDirectory folder_ = std::move(*tpm::PrivateDirectory::create());
};

TEST_F(EmulatorFor, Tpm2ToolsSignsAndVerifies) {
  const auto run = script(
      "tpm2_createprimary -Q -c p; tpm2_flushcontext -t; tpm2_create -Q -C p -G ecc -u pub -r priv;"
      "tpm2_flushcontext -t; tpm2_load -Q -C p -u pub -r priv -c k; tpm2_flushcontext -t;"
      "echo hi >m; tpm2_sign -c k -g sha256 -o s m; tpm2_flushcontext -t;"
      "tpm2_verifysignature -c k -g sha256 -s s -m m; echo fine",
      {"--trace", path("trace")});
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_EQ(run.output, "fine\n");
  EXPECT_THAT(content_of(path("trace")),
              AllOf(HasSubstr(" TPM2_Sign 0x80000000 "), HasSubstr(" -> 0x00000000 ")));
}

TEST_F(EmulatorFor, SeveralToolsAtOnce) {
  const auto run = script(
      "for i in 1 2 3 4; do (for j in 1 2 3; do tpm2_getrandom --hex 8; echo; done) & done; wait");
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(lines_of(run.output), SizeIs(12)) << run.errors;
}

TEST_F(EmulatorFor, CommandsThatEndInAnyWay) {
  EXPECT_EQ(script("exit 7").status.code, 7);
  EXPECT_EQ(script("kill -TERM $$").status.code, 128 + SIGTERM);
  const auto none = run_tpmprobe({"emulator", "--", "/nonexistent"});
  EXPECT_EQ(none.status.code, 127);
  EXPECT_THAT(lines_of(none.errors), SizeIs(1));
}

TEST_F(EmulatorFor, AStateThatSurvives) {
  const Words state{"--state", path("state")};
  const auto first =
      script("tpm2_createprimary -Q -c p; tpm2_evictcontrol -Q -c p 0x81000001", state);
  EXPECT_EQ(first.status.code, 0) << first.errors;
  EXPECT_THAT(script("tpm2_getcap handles-persistent", state).output, HasSubstr("0x81000001"));
  EXPECT_THAT(script("tpm2_getcap handles-persistent").output, IsEmpty());
}

TEST_F(EmulatorFor, FapiWithAKeyStoreOfItsOwn) {
  if (!tpm::find_program("tss2_provision")) GTEST_SKIP() << "tpm2-tools has no FAPI tools";
  const auto run = script("tss2_provision; tss2_list");
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, HasSubstr("/HS/SRK"));
}

TEST_F(EmulatorFor, TheResourceManagerOnTop) {
  if (!tpm::find_program("tpm2-abrmd")) GTEST_SKIP() << "tpm2-abrmd is not installed";
  RunningProgram emulator(tpmprobe({"emulator", "--socket", path("tpm")}));
  ASSERT_TRUE(emulator.wait_until([&] { return is_open(emulator); })) << emulator.errors();
  const PrivateBroker broker("swtpm:path=" + path("tpm"));
  // More objects than the TPM has slots: that is what it is for.
  for (int i = 0; i < 5; ++i) {
    const auto made = run_program({"tpm2_createprimary", "-Q", "-G", "ecc"},
                                  {{"TPM2TOOLS_TCTI", "tabrmd:bus_type=session"},
                                   {"DBUS_SESSION_BUS_ADDRESS", broker.address()}});
    EXPECT_EQ(made.status.code, 0) << made.errors;
  }
}

TEST_F(EmulatorFor, OpensslWithItsProvider) {
  const auto run = script(
      "cd $(mktemp -d) && trap 'rm -rf $PWD' EXIT && echo message > message &&"
      "openssl genpkey -provider tpm2 -algorithm EC -pkeyopt group:P-256 -out key &&"
      "openssl pkey -provider tpm2 -provider default -propquery ?provider=tpm2 -in key -pubout "
      "-out public &&"
      "openssl dgst -provider tpm2 -provider default -propquery ?provider=tpm2 -sha256 -sign key "
      "-out signature message &&"
      "openssl dgst -sha256 -verify public -signature signature message");
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, testing::HasSubstr("Verified OK"));
}

TEST_F(EmulatorFor, ATcpPortAgainAndAgain) {
  const Words port{"--tcp", std::to_string(free_ports())};
  for (int i = 0; i < 2; ++i) {
    const auto run = script("tpm2_getrandom --hex 4", port);
    EXPECT_EQ(run.status.code, 0) << run.errors;
  }
}

TEST_F(EmulatorFor, AnSwtpmBehindIt) {
  EXPECT_EQ(script("tpm2_getrandom --hex 4", {"--backend", "swtpm"}).status.code, 0);
}

TEST_F(EmulatorFor, AnyTpmKeptFromHarm) {
  const auto swtpm = emulator::SwtpmProcess::start();
  ASSERT_TRUE(swtpm) << swtpm.error().message;
  const Words guarded{"--tcti", (*swtpm)->tcti()};
  EXPECT_EQ(script("tpm2_createprimary -Q -G ecc", guarded).status.code, 0);
  for (const char* harm : {"tpm2_clear", "tpm2_nvdefine -Q -s 8 0x1500001",
                           "tpm2_changeauth -c owner x", "tpm2_dictionarylockout -c"}) {
    const auto run = script(harm, guarded);
    EXPECT_NE(run.status.code, 0) << harm;
    EXPECT_THAT(run.errors, HasSubstr("which this run is not allowed to do")) << harm;
  }
}

TEST_F(EmulatorFor, AClientOnAPipe) {
  const auto run = run_program({"tpm2_getrandom", "--hex", "8"},
                               {{"TPM2TOOLS_TCTI", "cmd:" + tpmprobe_path() + " emulator --pipe"}});
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, SizeIs(16));
}

TEST_F(EmulatorFor, AQuirkThatToolsMeet) {
  const auto run = script(
      "tpm2_createprimary -Q -c p; tpm2_flushcontext -t;"
      "tpm2_create -Q -C p -G ecc384 -u pub -r priv; tpm2_flushcontext -t;"
      "tpm2_load -Q -C p -u pub -r priv -c k; tpm2_flushcontext -t;"
      "head -c 48 /dev/zero >d; tpm2_sign -c k -g sha384 -d -o s d",
      {"--quirk", "Q01"});
  EXPECT_NE(run.status.code, 0);
  EXPECT_THAT(run.errors, HasSubstr("(0x1D5) - tpm:parameter(1):structure is the wrong size"));
}

TEST_F(EmulatorFor, ToolsThatAskForAFirmware) {
  const Words amd{"--firmware", "amd-3.51.0.5"};
  const auto run = script("tpm2_getcap properties-fixed | tee fixed", amd);
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, HasSubstr("TPM2_PT_MANUFACTURER:\n  raw: 0x414D4400\n"));
  EXPECT_THAT(run.errors,
              StartsWith("tpmprobe emulator: emulating amd-3.51.0.5; this engine cannot imitate"));
  // What the tool printed is a profile itself.
  const auto again = script("tpm2_getcap properties-fixed", {"--firmware", path("fixed")});
  EXPECT_EQ(again.output, run.output) << again.errors;
}

TEST_F(EmulatorFor, CommandsFromTheLocalityThatWasSet) {
  const auto tpm = emulator::EmbeddedTpm::create();
  ASSERT_TRUE(tpm) << tpm.error().message;
  // TPM2_PCR_Reset(9): not from locality 0 of this TPM, but from 2.
  const Bytes reset{0x80, 2, 0, 0, 0,    0x1b, 0, 0, 1, 0x3d, 0, 0, 0, 0x14,
                    0,    0, 0, 9, 0x40, 0,    0, 9, 0, 0,    0, 0, 0};
  const auto answer = [&] { return knowledge::response_code(*(*tpm)->transmit(reset, {})); };
  constexpr std::uint32_t kRcLocality = 0x907;
  EXPECT_EQ(answer(), kRcLocality);
  EXPECT_TRUE((*tpm)->set_locality(2));
  EXPECT_EQ(answer(), 0U);
  EXPECT_FALSE((*tpm)->set_locality(5));
  EXPECT_TRUE((*tpm)->set_locality(0));
  EXPECT_EQ(answer(), kRcLocality);
}

TEST_F(EmulatorFor, AShellThatReadsTheExportLines) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string socket = path("tpm");
    RunningProgram emulator(tpmprobe({"emulator", "--socket", socket}));
    ASSERT_TRUE(emulator.wait_until([&] { return is_open(emulator); })) << emulator.errors();
    const auto random =
        run_program({"tpm2_getrandom", "--hex", "4"}, {{"TPM2TOOLS_TCTI", "swtpm:path=" + socket}});
    EXPECT_EQ(random.status.code, 0) << random.errors;
    emulator.signal(signal);
    const auto ended = emulator.wait();
    EXPECT_TRUE(ended.status.succeeded()) << ended.errors;
    EXPECT_THAT(ended.output, StartsWith("export TPM2TOOLS_TCTI='swtpm:path=" + socket + "'\n"));
    EXPECT_THAT(lines_of(ended.output), SizeIs(4));
    EXPECT_FALSE(std::filesystem::exists(socket));
    EXPECT_FALSE(std::filesystem::exists(socket + ".ctrl"));
  }
}

}  // namespace
}  // namespace tpmprobe::suites
