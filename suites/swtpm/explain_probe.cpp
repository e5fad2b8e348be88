// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe explain` with a TPM, or a report on it, at hand.
#include <fstream>

#include <gmock/gmock.h>

#include "suites/swtpm/program.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kDecided =
    "Likely causes, most likely first\n  1. .unsupported-algorithm. The TPM has curve P-384";

class ExplainWithATpm : public testing::Test {
 protected:
  /// A script beside an emulated TPM that has P-384 and no SHA-384.
  static ProgramResult script(const std::string& text, const std::string& argument = "") {
    return run_tpmprobe({"emulator", "--firmware", "amd-3.51.0.5", "--", "sh", "-c", text,
                         tpmprobe_path(), argument});
  }

  tpm::PrivateDirectory folder_ = std::move(*tpm::PrivateDirectory::create());
};

TEST_F(ExplainWithATpm, AsksTheTpmAtHand) {
  const auto run =
      script(R"(echo 'Esys_Sign(0x1D5)' | "$0" explain - --probe --tcti "$TPM2TOOLS_TCTI")");
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, ContainsRegex(kDecided));
}

TEST_F(ExplainWithATpm, ReadsAReportOnIt) {
  const std::string report = folder_.path() / "report.json";
  const auto run = script(R"("$0" report --quick --only identity --only '*p384*' \
                                --tcti "$TPM2TOOLS_TCTI" -o "$1" >/dev/null 2>&1
                             "$0" explain 0x1d5 Sign --report "$1")",
                          report);
  EXPECT_EQ(run.status.code, 0) << run.errors;
  EXPECT_THAT(run.output, ContainsRegex(kDecided));
}

TEST_F(ExplainWithATpm, RefusesWhatIsNoReportAndNoTpm) {
  const auto no_report = run_tpmprobe({"explain", "0x1d5", "--report", "/dev/null"});
  EXPECT_EQ(no_report.status.code, 2);
  EXPECT_EQ(no_report.errors, "tpmprobe explain: /dev/null is not a JSON report of tpmprobe\n");
  EXPECT_THAT(no_report.output, IsEmpty());
  const auto no_tpm =
      run_tpmprobe({"explain", "0x1d5", "--probe", "--tcti", "swtpm:path=/nonexistent"});
  EXPECT_EQ(no_tpm.status.code, 3);
  EXPECT_THAT(no_tpm.errors, HasSubstr("/nonexistent"));
  const auto both = run_tpmprobe({"explain", "0x1d5", "--probe", "--report", "x"});
  EXPECT_EQ(both.status.code, 2);
}

}  // namespace
}  // namespace tpmprobe::suites
