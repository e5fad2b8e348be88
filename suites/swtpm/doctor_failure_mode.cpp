// SPDX-License-Identifier: BSD-2-Clause
// A TPM in failure mode, not pretended: an swtpm that cannot write its state.
#include "suites/support/waiting.h"
#include "suites/swtpm/doctor_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;

/// As a daemon it works in "/", where the folder of its state is not.
class FailedSwtpm {
 public:
  FailedSwtpm() {
    const auto folder = directory_.path().string();
    const auto script =
        "cd " + folder +
        " && mkdir state && swtpm socket --tpm2 --tpmstate dir=state --flags startup-clear "
        "--server type=unixio,path=" +
        socket() + " --ctrl type=unixio,path=" + socket() + ".ctrl --daemon --pid file=" + folder +
        "/pid";
    const auto daemon = run_program({"sh", "-c", script});
    EXPECT_TRUE(daemon.status.succeeded()) << daemon.errors;
    EXPECT_TRUE(comes_true([&] { return !content_of(pid_file()).empty(); }));
  }
  FailedSwtpm(const FailedSwtpm&) = delete;
  FailedSwtpm& operator=(const FailedSwtpm&) = delete;
  ~FailedSwtpm() { run_program({"sh", "-c", "kill $(cat " + pid_file() + ")"}); }

  [[nodiscard]] std::string socket() const { return directory_.path() / "sock"; }

 private:
  [[nodiscard]] std::string pid_file() const { return directory_.path() / "pid"; }

  tpm::PrivateDirectory directory_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST(DoctorOfFailureMode, SaysSoAndWhoseTpmItIs) {
  const FailedSwtpm swtpm;
  const auto run =
      run_tpmprobe({"doctor", "--tcti", "swtpm:path=" + swtpm.socket(), "--format", "json"},
                   {{"HOME", "/nonexistent"}, {"TSS2_FAPICONF", "/nonexistent"}});
  const auto report = parse_doctor(run.output);
  EXPECT_EQ(run.status.code, 1) << run.errors;
  EXPECT_EQ(first_of(report).at("id"), "tpm.self-test");
  EXPECT_THAT(first_of(report).at("evidence").get<std::string>(), HasSubstr("in failure mode"));
  EXPECT_THAT(line_of(report, "tpm.answers").at("evidence").get<std::string>(), HasSubstr("IBM"));
}

}  // namespace
}  // namespace tpmprobe::suites
