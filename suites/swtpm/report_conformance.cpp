// SPDX-License-Identifier: BSD-2-Clause
// The packager's suite, on a TPM that is right and on one that is not.
#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ConformanceSuite : public ReportOnSwtpm {
 protected:
  static ProgramResult run(const std::string& tcti) {
    return run_program({TPMPROBE_BINARY_DIR "/suites/tpmprobe-conformance"},
                       {{"TPMPROBE_TCTI", tcti}, {"TPMPROBE_QUICK", "1"}});
  }
};

TEST_F(ConformanceSuite, PassesOnSwtpmAndSkipsWhatItDoesNotHave) {
  const auto suite = run(relay_->tcti());
  EXPECT_EQ(suite.status.code, 0) << suite.output;
  EXPECT_THAT(
      suite.output,
      AllOf(HasSubstr("[       OK ] Tpm/Conformance.Probe/sign_ecdsa_p384_sha384"),
            HasSubstr("[  SKIPPED ] Tpm/Conformance.Probe/key_bp256"), HasSubstr("does not list"),
            HasSubstr("left out of a quick run"), Not(HasSubstr("[  FAILED  ]"))));
  EXPECT_GT(relay_->count(), 0U);
}

TEST_F(ConformanceSuite, FailsWithTheEvidenceWhereAProbeDidNotPass) {
  load_foreign_objects(3);
  const auto suite = run(relay_->tcti());
  EXPECT_EQ(suite.status.code, 1);
  EXPECT_THAT(suite.output,
              AllOf(HasSubstr("[  FAILED  ] Tpm/Conformance.Probe/key_p256"), HasSubstr("actual: "),
                    HasSubstr("code: 0x902"), HasSubstr("explanation: ")));
}

TEST_F(ConformanceSuite, FailsWhereThereIsNoTpm) {
  const auto suite = run("device:/nonexistent");
  EXPECT_EQ(suite.status.code, 1);
  EXPECT_THAT(suite.output + suite.errors, HasSubstr("there is no TPM at /nonexistent"));
}

}  // namespace
}  // namespace tpmprobe::suites
