// SPDX-License-Identifier: BSD-2-Clause
// What a person sees of `tpmprobe ssh`, octet for octet.
#include <sstream>

#include <gtest/gtest.h>

#include "reports/assemble.h"
#include "suites/golden/golden.h"
#include "walks/text.h"

namespace tpmprobe::reports {
namespace {

Result step(std::string_view id, std::string actual = "it went well") {
  Result made;
  made.id = parse_id(id);
  made.title = "a step";
  made.expected = "it goes well";
  made.actual = std::move(actual);
  made.verdict = Verdict::pass;
  return made;
}

Result failed(std::string_view id, std::string layer, Verdict verdict) {
  auto made = step(id, "it did not");
  made.verdict = verdict;
  made.layer = std::move(layer);
  return made;
}

/// The blog's failure beside a key that works and one that the middleware throws away.
Report ways() {
  auto login = failed("pkcs11.ecc384.login", "TPM", Verdict::fail);
  login.rc = 0x1d5;
  login.command = 0x15d;
  login.cause = "no SHA-384 in this TPM (its largest digest has 32 bytes)";
  login.advice = "Use an ecc256 key: ssh signs SHA-256 with it.";
  login.lines = {"ERROR: Esys_Sign: tpm:parameter(1):structure is the wrong size",
                 "C_Sign failed: 5 \x1b[31m"};
  auto direct = login;
  direct.id.family = Family::direct;
  direct.lines.clear();
  auto thrown_away = failed("pkcs11.ecc521.addkey", "tpm2_ptool", Verdict::unsupported);
  thrown_away.cause = "tpm2_ptool does not know the parameters of this curve";
  RunFacts facts;
  facts.tpm.manufacturer = "AMD";
  facts.tpm.firmware = "3.51.0.5";
  facts.tpm.transport = "embedded";
  return report_of_walk(
      facts,
      {step("direct.ecc256.key"), step("direct.ecc256.login"), step("direct.ecc384.key"), direct,
       step("pkcs11.ecc256.token"), step("pkcs11.ecc256.addkey"), step("pkcs11.ecc256.public-key"),
       step("pkcs11.ecc256.login"), step("pkcs11.ecc256.agent"), step("pkcs11.ecc256.wrong-pin"),
       step("pkcs11.ecc384.token"), step("pkcs11.ecc384.addkey"), step("pkcs11.ecc384.public-key"),
       login, step("pkcs11.ecc521.token"), thrown_away, step("pkcs11.many-keys.token"),
       failed("pkcs11.many-keys.login", "OpenSSH", Verdict::unsupported),
       step("pkcs11.many-keys.identity-file")});
}

Report fapi() {
  auto config = step("fapi.config", "in fapi-config.json: \"profile_name\": \"P_RSA2048SHA256\",");
  config.advice = "\"profile_name\": \"P_RSA2048SHA256\",";
  RunFacts facts;
  facts.tpm.transport = "device:/dev/tpmrm0";
  return report_of_walk(
      facts,
      {step("fapi.profiles", "every profile in the folder can be read"),
       step("fapi.P_ECCP256SHA256.fits"),
       failed("fapi.P_ECCP256SHA256.ek-certificate", "TPM", Verdict::unsupported),
       step("fapi.P_RSA2048SHA256.fits"), step("fapi.P_RSA2048SHA256.ek-certificate"), config});
}

std::string text_of(const Report& report, const text::TextStyle& style) {
  std::ostringstream text;
  walks::write_walk_text(report, style, text);
  return text.str();
}

TEST(GoldenWalk, Ways) {
  golden::expect_golden("walk-wide.txt",
                        text_of(ways(), {.width = 100, .colour = true, .unicode = true}));
  golden::expect_golden("walk-narrow.txt", text_of(ways(), {.width = 60}));
}

TEST(GoldenWalk, Fapi) {
  golden::expect_golden("walk-fapi.txt", text_of(fapi(), {.width = 80, .unicode = true}));
}

}  // namespace
}  // namespace tpmprobe::reports
