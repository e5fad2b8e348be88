// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/key_way.h"

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "probes/families/signing.h"
#include "probes/ssh/formats.h"
#include "walks/ssh/agent.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::walks {
namespace {

class KeyWay {
 public:
  KeyWay(const KeyWayTools& tools, const Pkcs11Row& row, const ProbeId& way)
      : server_(tools.walk.server),
        row_(row),
        module_(tools.module),
        token_(tools.walk.bench, way, std::string(row.id), tools.broker.environment()) {}

  /// All steps; false if it never came to a login.
  bool walk() {
    auto token = token_.make();
    return token_.finish(token) && make_key() && show_public_key() && log_in() && log_in_by_agent();
  }

  /// One login with a PIN that is not the token's.
  void try_wrong_pin() {
    auto step = token_.begin("wrong-pin", "a wrong PIN is refused", "ssh cannot log in");
    server_.take_log();
    step.run(server_.client(
                 {"PKCS11Provider=" + module_, "IdentityAgent=none", "NumberOfPasswordPrompts=1"}),
             token_.with_wrong_pin());
    const bool accepted = server_.take_log().find("Accepted publickey") != std::string::npos;
    if (accepted) {
      step.fail("ssh", "a login with a wrong PIN succeeded");
      step.result().verdict = Verdict::fail;
    } else if (step.has_wrong_authorization()) {
      step.pass("the TPM does not unseal the token, and ssh cannot log in");
    } else {
      step.fail("ssh", "ssh could not log in, but the TPM was never asked");
    }
    token_.finish(step);
  }

 private:
  bool make_key() {
    if (!row_.import_type.empty()) return import_key();
    auto step =
        token_.begin("addkey", "tpm2_ptool addkey creates the key", "the TPM creates the key");
    if (token_.add_key(step, row_.id, "tpmprobe")) step.pass("the key was created");
    return token_.finish(step);
  }

  /// Makes the key outside, as the guide does.
  bool write_outside_key(WayStep& step, const std::string& file) {
    const auto colon = row_.import_type.find(':');
    std::vector<std::string> words{"ssh-keygen", "-q",
                                   "-N",         "",
                                   "-C",         "tpmprobe",
                                   "-f",         file,
                                   "-t",         std::string(row_.import_type.substr(0, colon)),
                                   "-b",         std::string(row_.import_type.substr(colon + 1))};
    if (!row_.openssh_format) words.insert(words.end(), {"-m", "PKCS8"});
    if (step.run(words, token_.environment())) return true;
    step.fail("ssh-keygen", "ssh-keygen did not create a key");
    return false;
  }

  bool import_key() {
    auto step = token_.begin("import",
                             fmt::format("tpm2_ptool import accepts a key in {} format",
                                         row_.openssh_format ? "OpenSSH's" : "PEM"),
                             "the key created outside is in the token");
    const std::string file = token_.store() / "outside";
    std::vector<std::string> words{"import", "--privkey", file, "--algorithm",
                                   row_.ssh_curve.empty() ? "rsa" : "ecc"};
    const auto more = token_.key_words("tpmprobe");
    words.insert(words.end(), more.begin(), more.end());
    if (write_outside_key(step, file) && token_.ptool(step, std::move(words))) {
      step.pass("the key was imported");
    }
    return token_.finish(step);
  }

  bool show_public_key() {
    auto step = token_.begin("public-key", "ssh-keygen -D shows the public key",
                             "one line for authorized_keys");
    const bool ran = step.run({"ssh-keygen", "-D", module_}, token_.environment());
    const std::string expected =
        row_.ssh_curve.empty() ? "ssh-rsa " : fmt::format("ecdsa-sha2-{} ", row_.ssh_curve);
    const auto at = step.output().find(expected);
    if (ran && at != std::string::npos) {
      server_.admit(step.output().substr(at, step.output().find('\n', at) - at));
      step.pass("the public key is " + expected.substr(0, expected.size() - 1));
      return token_.finish(step);
    }
    step.add_lines(step.output());
    step.fail("ssh-keygen", "ssh-keygen shows no key that ssh can use");
    token_.finish(step);
    if (row_.ssh_curve == "nistp224") agent_with_unknown_key();
    return false;
  }

  [[nodiscard]] TokenAgent agent() const {
    return {token_.bench().folder, module_, token_.environment()};
  }

  /// That key is not only of no use: it ends the agent of every other key.
  void agent_with_unknown_key() {
    auto step =
        token_.begin("agent", "ssh-agent with such a key in the token", "ssh-agent keeps running");
    auto with_key = agent();
    if (with_key.add(step)) {
      step.pass("ssh-agent keeps running");
    } else {
      step.add_lines(with_key.log());
      step.fail("ssh-agent", with_key.is_running() ? "ssh-add failed" : "ssh-agent has exited");
    }
    token_.finish(step);
  }

  /// What ssh signs with such a key, and the TPM has not.
  void name_missing_hash(Result& result) const {
    if (result.command != knowledge::cc::kSign) return;
    const auto* algorithm =
        probes::find_ssh_algorithm(fmt::format("ecdsa-sha2-{}", row_.ssh_curve));
    if (algorithm == nullptr) return;
    result.cause = probes::missing_hash(token_.bench().capabilities, algorithm->hash);
    if (result.cause) result.advice = probes::advice_without_hash(token_.bench().capabilities);
  }

  bool judge_login(WayStep& step) {
    const auto log = server_.take_log();
    if (log.find("Accepted publickey") != std::string::npos) {
      step.result().verified_by = {"sshd"};
      step.pass("sshd accepted the signature");
    } else {
      step.fail("ssh", "sshd did not accept the key");
      step.add_lines(refusals_in(log));
      name_missing_hash(step.result());
    }
    return token_.finish(step);
  }

  bool log_in() {
    auto step = token_.begin("login", "ssh with PKCS11Provider logs in to a real sshd",
                             "sshd accepts a signature from the TPM");
    server_.take_log();
    step.run(server_.client({"PKCS11Provider=" + module_, "IdentityAgent=none"}),
             token_.environment());
    return judge_login(step);
  }

  bool log_in_by_agent() {
    auto step = token_.begin("agent", "ssh-add -s and a login through ssh-agent",
                             "sshd accepts a signature from the TPM");
    auto with_key = agent();
    if (!with_key.add(step)) {
      step.add_lines(with_key.log());
      step.fail("ssh-add", "ssh-agent did not accept the token");
      return token_.finish(step);
    }
    server_.take_log();
    step.run(server_.client({"IdentityAgent=" + with_key.socket()}), token_.environment());
    step.add_lines(with_key.log());
    return judge_login(step);
  }

  LoginServer& server_;
  const Pkcs11Row& row_;
  std::string module_;
  Token token_;
};

}  // namespace

bool walk_key(const KeyWayTools& tools, const Pkcs11Row& row, const ProbeId& way, bool wrong_pin) {
  KeyWay key(tools, row, way);
  const bool tries = key.walk() && wrong_pin;
  if (tries) key.try_wrong_pin();
  return tries;
}

}  // namespace tpmprobe::walks
