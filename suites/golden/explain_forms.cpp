// SPDX-License-Identifier: BSD-2-Clause
// What a person and a program see of `explain`, octet for octet.
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "explain/json.h"
#include "explain/log.h"
#include "explain/read/decoder_texts.h"
#include "explain/text.h"
#include "suites/golden/golden.h"

namespace tpmprobe::reports {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> words;  ///< codes, or if there are none,
  const char* log;                 ///< a log
  const char* command;
};

const Case kCases[] = {
    {"sign-1d5", {"0x1d5"}, "", "Sign"},
    {"without-command-1d5", {"469"}, "", ""},
    {"object-memory-902", {"902"}, "", ""},
    {"kernel-b0143", {"0xb0143"}, "", "TestParms"},
    {"echo-153", {"0x153"}, "", "Create"},
    {"unknown", {"0x1c6", "0x540", "0xaf801", "0xffffff", "0x30"}, "", ""},
    {"success", {"0"}, "", ""},
    {"windows", {"0x80280084"}, "", ""},
    {"several", {"0x921", "TSS2_TCTI_RC_IO_ERROR"}, "", ""},
    {"log-ssh-p384",
     {},
     "WARNING:esys:src/tss2-esys/api/Esys_Sign.c:311:Esys_Sign_Finish() Received TPM Error\n"
     "ERROR:esys:src/tss2-esys/api/Esys_Sign.c:105:Esys_Sign() Esys Finish ErrorCode (0x000001d5)\n"
     "ERROR: Esys_Sign: tpm:parameter(1):structure is the wrong size\n"
     "C_Sign failed: 5\n"
     "sign_and_send_pubkey: signing failed for ECDSA \"k\": error in libcrypto\n",
     ""},
    {"log-follow-up",
     {},
     "ERROR:fapi:src/tss2-fapi/api/Fapi_List.c:81:Fapi_List() ErrorCode (0x00060034) Entities\n"
     "ERROR: Esys_StartAuthSession(0x903) - tpm:warn(2.0): out of memory for session contexts\n"
     "ERROR: Esys_TR_Close(0x70018) - esapi:The ESYS_TR resource object is bad\x1b[31m \xff\n",
     ""},
    {"log-message",
     {},
     "Nov 24 10:00:01 host systemd-cryptsetup[311]: Failed to open specified TCTI device file "
     "/dev/tpmrm0: Permission denied\n"
     "Nov 24 10:00:01 host kernel: i915 0000:00:02.0: error 0x902 at 0x1d5\n"
     "WARNING:tcti:src/tss2-tcti/tctildr.c:79:tcti_from_init() TCTI init for function "
     "0x7f3210d0be30 failed with a000a\n"
     "WARNING:tcti:src/tss2-tcti/tctildr.c:109:tcti_from_info() Could not initialize TCTI named: "
     "tcti-device\n"
     "Failed to unseal secret using TPM2: Operation not supported\n",
     ""},
    {"log-ek-certificate",
     {},
     "tpm2_getekcertificate: ERROR:esys:src/tss2-esys/esys_tr.c:210:Esys_TR_FromTPMPublic_Finish() "
     "Error NV_ReadPublic ErrorCode (0x0000018b)\n",
     ""},
    {"nothing", {}, "hello\n", ""},
};

explain::ExplainedText explain_case(const Case& wanted) {
  explain::LogExplainer explainer(*wanted.command != 0 ? knowledge::find_command(wanted.command)
                                                       : nullptr);
  for (const auto& word : wanted.words) explainer.add_word(*explain::read_code(word), word);
  std::istringstream log(wanted.log);
  for (std::string line; std::getline(log, line);) explainer.read_line(line);
  return std::move(explainer).finish();
}

class ExplainGolden : public testing::TestWithParam<Case> {
 protected:
  void expect_text(const text::TextStyle& style, const std::string& suffix) {
    std::ostringstream out;
    write_text(explain_case(GetParam()), style, out);
    golden::expect_golden("explain/" + std::string(GetParam().name) + suffix, out.str());
  }
};

TEST_P(ExplainGolden, Text) {
  expect_text({}, ".txt");
}

TEST_P(ExplainGolden, Json) {
  std::ostringstream out;
  write_json(explain_case(GetParam()), out);
  golden::expect_golden("explain/" + std::string(GetParam().name) + ".json", out.str());
}

INSTANTIATE_TEST_SUITE_P(, ExplainGolden, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& each) {
                           std::string name = each.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(ExplainGoldens, NarrowAndColoured) {
  text::TextStyle style;
  style.width = 60;
  style.colour = true;
  style.unicode = true;
  std::ostringstream out;
  write_text(
      explain_case(*std::ranges::find(kCases, std::string_view("log-follow-up"), &Case::name)),
      style, out);
  golden::expect_golden("explain/log-follow-up.narrow.txt", out.str());
}

TEST(ExplainGoldens, KeepToTheSchema) {
  const std::string folder = golden::golden_path("explain");
  const std::string command = "python3 -B '" TPMPROBE_SOURCE_DIR
                              "/suites/golden/validate.py' --schema explain '" +
                              folder + "'/*.json";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace tpmprobe::reports
