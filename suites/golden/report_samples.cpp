// SPDX-License-Identifier: BSD-2-Clause
#include "suites/golden/report_samples.h"

#include "suites/golden/signing_samples.h"

namespace tpmprobe::golden {
namespace {

using reports::Report;
using reports::Severity;
using reports::Usability;

Report base_report() {
  Report report;
  report.tool_version = "0.1.0";
  report.invocation = {{"tpmprobe", "report", "--emulated"}, "2026-11-23T21:56:32Z", 812.3456, 0};
  report.host = {"Linux 6.1.0-28-amd64",
                 "Debian GNU/Linux 12 (bookworm)",
                 "x86_64",
                 {{"tpm2-tss", "3.2.1"}, {"OpenSSL", "3.0.22"}, {"openssh-client", "9.2p1"}}};
  return report;
}

Identity libtpms() {
  Identity tpm;
  tpm.manufacturer = "IBM";
  tpm.manufacturer_name = "IBM";
  tpm.vendor_string = "SW   TPM";
  tpm.firmware = "32.25.18.41";
  tpm.spec_revision = "1.59";
  tpm.spec_date = "2019-11-08";
  tpm.spec_level = "2.0 level 0";
  tpm.fips_140_2 = false;
  tpm.ptp = "PC Client, level 0, revision 1.04 of 2020-02-03";
  tpm.kind = TpmKind::emulator;
  tpm.kind_reason = "it runs inside this program";
  tpm.transport = "embedded";
  tpm.reset_count = 1;
  tpm.lockout = LockoutState{false, false, 0, 3, 1000, 1000};
  tpm.hierarchies = {{"owner", true, false},
                     {"endorsement", true, false},
                     {"platform", true, false},
                     {"lockout", std::nullopt, false}};
  return tpm;
}

knowledge::Capabilities libtpms_capabilities() {
  knowledge::Capabilities known;
  known.algorithms = {{0x0001, 0x9}, {0x0004, 0x4}, {0x000b, 0x4},  {0x000c, 0x4},
                      {0x000d, 0x4}, {0x0014, 0x5}, {0x0016, 0x15}, {0x0023, 0x9}};
  known.curves = {0x0003, 0x0004, 0x0005, 0x0010};
  known.commands = {0x0280015d, 0x0200017b, 0x20000001};
  known.pcr_banks = {{0x0004, {0, 0, 0}}, {0x000b, {0xff, 0xff, 0xff}}};
  known.properties_fixed = {{0x100, 0x322e3000}, {0x10e, 3},  {0x10f, 2},   {0x110, 3},
                            {0x111, 64},         {0x120, 64}, {0x12c, 1024}};
  known.properties_variable = {{0x200, 0x400}, {0x20e, 0}};
  known.handles.permanent = {0x40000001, 0x40000007};
  known.handles.nv_index = {0x01c00002};
  known.handles.transient.emplace();
  return known;
}

reports::ReportedResult ssh_result(std::string_view id, std::string title, Verdict verdict) {
  reports::ReportedResult reported;
  auto& result = reported.result;
  result.id = parse_id(id);
  result.title = std::move(title);
  result.verdict = verdict;
  result.duration_ms = 12.3456789;
  result.tpm_commands = 1;
  result.tpm_ms = 0.27;
  result.expected = "ssh-keygen verifies the signature";
  if (verdict == Verdict::pass) {
    result.actual = "verified";
    result.verified_by = {"OpenSSL 3.0.22", "ssh-keygen 9.2p1"};
  }
  return reported;
}

void add_passing_ssh(Report& report, const std::string& name) {
  report.results.push_back(
      ssh_result("ssh." + name, "ssh key " + name + " signs a login", Verdict::pass));
}

reports::Use use(std::string name, Usability verdict, std::string reason,
                 std::optional<double> sign_ms = {}, std::optional<double> keygen_ms = {}) {
  return {"ssh." + name, "ssh key " + name, verdict, {std::move(reason)}, sign_ms, keygen_ms};
}

reports::Use no_ed25519() {
  return use("ed25519", Usability::not_usable, "No TPM 2.0 offers Ed25519.");
}

}  // namespace

Report clean_report() {
  Report report = base_report();
  report.tpm = libtpms();
  report.tpm.owner_primary_name = std::string(64, 'a');
  report.emulation = reports::Emulation{};
  report.capabilities = libtpms_capabilities();
  add_signing(report, libtpms_signing());
  for (const auto* name : {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "rsa2048.rsa-sha2-512"}) {
    add_passing_ssh(report, name);
  }
  report.results.push_back(ssh_result("rng.repeat", "random numbers differ", Verdict::pass));
  report.uses = {
      use("ecdsa-sha2-nistp256", Usability::usable, "Signs and verifies.", 0.27, 0.53),
      use("ecdsa-sha2-nistp384", Usability::usable, "Signs and verifies.", 0.6, 1.1),
      use("rsa2048", Usability::usable, "Signs and verifies with SHA-256 and SHA-512.", 0.9, 128.4),
      no_ed25519()};
  report.recommended = {{"ssh.ecdsa-sha2-nistp256", "Fast, small, and every server accepts it."},
                        {"ssh.ecdsa-sha2-nistp384", "Works, and is a little slower."}};
  report.avoid = {{"ssh.ed25519", "No TPM 2.0 offers Ed25519."}};
  return report;
}

Report amd_report() {
  Report report = clean_report();
  report.invocation.argv = {"tpmprobe", "report", "--emulated", "--firmware", "amd-3.51.0.5"};
  report.invocation.exit_code = 1;
  report.tpm.manufacturer = "AMD";
  report.tpm.manufacturer_name = "Advanced Micro Devices";
  report.tpm.vendor_string = "AMD";
  report.tpm.firmware = "3.51.0.5";
  report.tpm.spec_revision = "1.38";
  report.tpm.lockout = LockoutState{true, true, 32, 32, 7200, 86400};
  report.emulation = reports::Emulation{"amd-3.51.0.5", {"Q01"}, {"its NV storage"}};
  report.capabilities->algorithms = {
      {0x0001, 0x9}, {0x0004, 0x4}, {0x000b, 0x4}, {0x0014, 0x5}, {0x0023, 0x9}};
  report.capabilities->curves = {0x0003, 0x0004, 0x0010};
  report.capabilities->pcr_banks.reset();
  report.results.clear();
  add_signing(report, amd_signing());
  auto login = ssh_result("ssh.ecdsa-sha2-nistp384", "ssh key ecdsa-sha2-nistp384 signs a login",
                          Verdict::quirk);
  login.result.actual = "the TPM refuses the 48-byte digest that this key type must sign";
  login.result.rc = 0x1d5;
  login.result.command = 0x15d;
  login.result.cause = "no SHA-384 in this TPM (largest digest 32 bytes)";
  login.result.advice = "Use ecdsa-sha2-nistp256.";
  login.result.quirk = "Q01";
  login.explanation =
      "TPM_RC_SIZE for parameter 1 (digest) of TPM2_Sign: structure is the wrong size";
  report.results.push_back(login);
  add_passing_ssh(report, "ecdsa-sha2-nistp256");
  report.uses[0].sign_ms = 6.2;
  report.uses[0].keygen_ms = 21.0;
  report.uses[1] = use("ecdsa-sha2-nistp384", Usability::not_usable,
                       "The TPM has the curve P-384 but no SHA-384, and ssh signs nothing else "
                       "with such a key.");
  report.uses[2].keygen_ms = 1712.0;
  report.uses[2].sign_ms = 87.0;
  report.findings = {
      {"Q01",
       Severity::error,
       "P-384 keys cannot log in",
       "The TPM has curve P-384 but no SHA-384: TPM2_Sign refuses a 48-byte digest (parameter 1 "
       "\"digest\", TPM_RC_SIZE).",
       "Use an ECDSA P-256 key (ecdsa-sha2-nistp256) or RSA-2048; no setting fixes this firmware.",
       {"sign.ecdsa-p384-sha384", "ssh.ecdsa-sha2-nistp384"}}};
  report.recommended = {{"ssh.ecdsa-sha2-nistp256", "Fast, small, and every server accepts it."},
                        {"ssh.rsa2048", "For servers that know no ECDSA."}};
  report.avoid = {{"ssh.ecdsa-sha2-nistp384",
                   "The key can be created, but no login ever works: this TPM lacks SHA-384."},
                  {"ssh.ed25519", "No TPM 2.0 offers Ed25519."}};
  return report;
}

Report failed_report() {
  Report report = base_report();
  report.host = {};
  report.invocation.exit_code = 1;
  report.tpm.transport = "device:/dev/tpmrm0";
  report.tpm.failure_mode = FailureMode{0x101, {0x00, 0x00, 0x10, 0x2f}};
  report.findings = {{"Q63",
                      Severity::error,
                      "The TPM is in failure mode",
                      "Its self-test failed; it refuses every other command with TPM_RC_FAILURE.",
                      "Switch the machine off and on; if the problem returns, the TPM is broken.",
                      {}}};
  return report;
}

Report defective_report() {
  Report report = clean_report();
  report.results.clear();
  add_defective_signing(report);
  report.invocation.exit_code = 1;
  report.uses = {use("rsa2048", Usability::unknown, "Nothing was tried.")};
  report.recommended.clear();
  report.avoid.clear();
  report.findings = {{"unrecognised",
                      Severity::warning,
                      "The TPM does not do what it says",
                      "",
                      "Send this report to the vendor.",
                      {}}};
  return report;
}

Report incomplete_report() {
  Report report = base_report();
  report.invocation.exit_code = 4;
  report.tpm = libtpms();
  report.tpm.lockout->in_lockout = true;
  auto late =
      ssh_result("ssh.rsa2048.rsa-sha2-256", "ssh key rsa2048 signs a login", Verdict::timeout);
  late.result.actual = "no answer within 600 s";
  late.result.command = 0x153;
  auto locked = ssh_result("ssh.ecdsa-sha2-nistp256", "ssh key ecdsa-sha2-nistp256 signs a login",
                           Verdict::blocked);
  locked.result.rc = 0xb0921;
  locked.result.command = 0x15d;
  locked.explanation = "TPM_RC_LOCKOUT: the dictionary-attack protection refuses authorizations";
  locked.advice = "Wait 16 min 40 s.";
  report.results = {late, locked};
  report.results.push_back(ssh_result("rng.repeat", "random numbers differ", Verdict::pass));
  return report;
}

}  // namespace tpmprobe::golden
