// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/way/pkcs11_way.h"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "probes/families/signing.h"
#include "probes/ssh/algorithms.h"
#include "probes/ssh/way/broker.h"
#include "probes/ssh/way/programs.h"
#include "probes/ssh/way/token_agent.h"

namespace tpmprobe::probes {
namespace {

constexpr std::array kRows{
    Pkcs11Row{"ecc256", "nistp256", "", false},
    Pkcs11Row{"ecc384", "nistp384", "", false},
    Pkcs11Row{"ecc521", "nistp521", "", false},
    Pkcs11Row{"ecc224", "nistp224", "", false},
    Pkcs11Row{"rsa2048", "", "", false},
    Pkcs11Row{"rsa3072", "", "", false},
    Pkcs11Row{"rsa4096", "", "", false},
    Pkcs11Row{"ecc256", "nistp256", "ecdsa:256", false},
    Pkcs11Row{"ecc256-openssh", "nistp256", "ecdsa:256", true},
    Pkcs11Row{"ecc384", "nistp384", "ecdsa:384", false},
    Pkcs11Row{"rsa2048", "", "rsa:2048", false},
    Pkcs11Row{"rsa2048-openssh", "", "rsa:2048", true},
};

/// The store of one key and the PINs to it.
class Token {
 public:
  Token(WayBench& bench, LoginServer& server, const Pkcs11Row& row, const Broker& broker,
        std::string module)
      : bench_(bench),
        server_(server),
        row_(row),
        way_(id_of(row)),
        module_(std::move(module)),
        store_(bench.folder / ("store-" + way_)),
        pin_(random_word(4)),
        wrong_pin_(random_word(4)),
        so_pin_(random_word(4)),
        environment_(broker.environment()) {
    std::filesystem::create_directory(store_);
    std::filesystem::create_directory(bench.folder / "home");
    askpass_ = write_askpass("askpass-" + way_, pin_);
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{"TPM2_PKCS11_STORE", store_},
          {"HOME", bench.folder / "home"},
          {"PYTHONDONTWRITEBYTECODE", "1"},
          {"LC_ALL", "C.UTF-8"},
          {"SSH_ASKPASS", askpass_},
          {"SSH_ASKPASS_REQUIRE", "force"}}) {
      environment_.emplace_back(name, value);
    }
    environment_.emplace_back("SSH_AUTH_SOCK", std::nullopt);
  }

  /// All steps; false if it never came to a login.
  bool walk() {
    return make_token() && make_key() && show_public_key() && log_in() && log_in_by_agent();
  }

  /// One login with a PIN that is not the token's.
  void try_wrong_pin() {
    auto step = begin("wrong-pin", "A wrong PIN is refused", "ssh does not get in");
    const auto environment =
        with(environment_, "SSH_ASKPASS", write_askpass("askpass-wrong", wrong_pin_));
    server_.take_log();
    step.run(server_.client(
                 {"PKCS11Provider=" + module_, "IdentityAgent=none", "NumberOfPasswordPrompts=1"}),
             environment);
    const bool accepted = server_.take_log().find("Accepted publickey") != std::string::npos;
    if (accepted) {
      step.fail("ssh", "a login with a wrong PIN was let in");
      step.result().verdict = Verdict::fail;
    } else {
      step.pass("the TPM does not unseal the token, and ssh is not let in");
    }
    finish(step);
  }

 private:
  WayStep begin(std::string_view step, std::string_view title, std::string expected) {
    return {bench_, fmt::format("{}.{}", way_, step), fmt::format("{}: {}", row_.id, title),
            std::move(expected)};
  }

  bool finish(WayStep& step) {
    for (auto& line : step.result().lines) {
      auto clean = lines_without(line, {pin_, wrong_pin_, so_pin_});
      line = clean.empty() ? "" : clean.front();
    }
    return step.finish();
  }

  [[nodiscard]] std::string write_askpass(const std::string& name, const std::string& pin) const {
    const auto path = bench_.folder / name;
    std::ofstream(path) << "#!/bin/sh\necho " << pin << '\n';
    ::chmod(path.c_str(), S_IRWXU);
    return path;
  }

  bool ptool(WayStep& step, std::vector<std::string> words) {
    words.insert(words.begin(), "tpm2_ptool");
    words.insert(words.end(), {"--path", store_});
    if (step.run(words, environment_)) return true;
    step.fail("tpm2_ptool", fmt::format("tpm2_ptool {} failed", words[1]));
    return false;
  }

  bool make_token() {
    auto step = begin("token", "a token with a transient parent is made",
                      "tpm2_ptool init and addtoken succeed");
    const bool ecc = bench_.capabilities.has_curve(knowledge::curve::kNistP256);
    const bool made = ptool(step, {"init", "--transient-parent",
                                   ecc ? "tpm2-tools-ecc-default" : "tpm2-tools-default"}) &&
                      ptool(step, {"addtoken", "--pid", "1", "--label", "tpmprobe", "--sopin",
                                   so_pin_, "--userpin", pin_});
    if (made) step.pass("the token is in its private store");
    return finish(step);
  }

  bool make_key() {
    if (!row_.import_type.empty()) return import_key();
    auto step = begin("addkey", "tpm2_ptool addkey makes the key", "the TPM makes the key");
    if (ptool(step, {"addkey", "--algorithm", std::string(row_.id), "--label", "tpmprobe",
                     "--userpin", pin_, "--key-label", "tpmprobe"})) {
      step.pass("the key is made");
    }
    return finish(step);
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
    if (step.run(words, environment_)) return true;
    step.fail("ssh-keygen", "ssh-keygen made no key");
    return false;
  }

  bool import_key() {
    auto step = begin("import",
                      fmt::format("tpm2_ptool import takes a key in {} form",
                                  row_.openssh_format ? "OpenSSH's" : "PEM"),
                      "the key made outside is in the token");
    const std::string file = store_ / "outside";
    if (write_outside_key(step, file) &&
        ptool(step,
              {"import", "--privkey", file, "--algorithm", row_.ssh_curve.empty() ? "rsa" : "ecc",
               "--label", "tpmprobe", "--userpin", pin_, "--key-label", "tpmprobe"})) {
      step.pass("the key is imported");
    }
    return finish(step);
  }

  bool show_public_key() {
    auto step = begin("public-key", "ssh-keygen -D shows the public key",
                      "one line that authorized_keys takes");
    const bool ran = step.run({"ssh-keygen", "-D", module_}, environment_);
    const std::string expected =
        row_.ssh_curve.empty() ? "ssh-rsa " : fmt::format("ecdsa-sha2-{} ", row_.ssh_curve);
    const auto at = step.output().find(expected);
    if (ran && at != std::string::npos) {
      public_key_ = step.output().substr(at, step.output().find('\n', at) - at);
      server_.admit(public_key_);
      step.pass("the public key is " + expected.substr(0, expected.size() - 1));
      return finish(step);
    }
    step.add_lines(step.output());
    step.fail("ssh-keygen", "ssh-keygen shows no key that ssh can use");
    finish(step);
    if (row_.ssh_curve == "nistp224") agent_with_unknown_key();
    return false;
  }

  /// That key is not only of no use: it ends the agent of every other key.
  void agent_with_unknown_key() {
    auto step = begin("agent", "ssh-agent with such a key in the token", "ssh-agent goes on");
    TokenAgent agent(bench_.folder, module_, environment_);
    if (agent.add(step)) {
      step.pass("ssh-agent goes on");
    } else {
      step.add_lines(agent.log());
      step.fail("ssh-agent", agent.is_running() ? "ssh-add failed" : "ssh-agent has ended");
    }
    finish(step);
  }

  /// What ssh signs with such a key, and the TPM has not.
  void name_missing_hash(Result& result) const {
    if (result.command != knowledge::cc::kSign) return;
    const auto* algorithm = find_ssh_algorithm(fmt::format("ecdsa-sha2-{}", row_.ssh_curve));
    if (algorithm == nullptr) return;
    result.cause = missing_hash(bench_.capabilities, algorithm->hash);
    if (result.cause) result.advice = "Use an ecc256 key: ssh signs SHA-256 with it.";
  }

  bool judge_login(WayStep& step) {
    const auto log = server_.take_log();
    if (log.find("Accepted publickey") != std::string::npos) {
      step.result().verified_by = {"sshd"};
      step.pass("sshd accepted the signature");
    } else {
      step.fail("ssh", "sshd did not let the key in");
      step.add_lines(refusals_in(log));
      name_missing_hash(step.result());
    }
    return finish(step);
  }

  bool log_in() {
    auto step = begin("login", "ssh with PKCS11Provider logs in to a real sshd",
                      "sshd accepts a signature of the TPM");
    server_.take_log();
    step.run(server_.client({"PKCS11Provider=" + module_, "IdentityAgent=none"}), environment_);
    return judge_login(step);
  }

  bool log_in_by_agent() {
    auto step = begin("agent", "ssh-add -s and a login through ssh-agent",
                      "sshd accepts a signature of the TPM");
    TokenAgent agent(bench_.folder, module_, environment_);
    if (!agent.add(step)) {
      step.add_lines(agent.log());
      step.fail("ssh-add", "ssh-agent did not take the token");
      return finish(step);
    }
    server_.take_log();
    step.run(server_.client({"IdentityAgent=" + agent.socket()}), environment_);
    step.add_lines(agent.log());
    return judge_login(step);
  }

  WayBench& bench_;
  LoginServer& server_;
  const Pkcs11Row& row_;
  std::string way_, module_;
  std::filesystem::path store_;
  std::string pin_, wrong_pin_, so_pin_, askpass_, public_key_;
  ChildEnvironment environment_;
};

void block_all(WayBench& bench, const std::string& why,
               const std::function<bool(const std::string&)>& wanted) {
  for (const auto& row : kRows) {
    if (!wanted(id_of(row))) continue;
    WayStep step(bench, id_of(row) + ".token", fmt::format("{}: token", row.id),
                 "the programs of the PKCS#11 way are there");
    step.block(why);
    step.finish();
  }
}

}  // namespace

std::string id_of(const Pkcs11Row& row) {
  return fmt::format("{}.{}", row.import_type.empty() ? "pkcs11" : "import", row.id);
}

std::span<const Pkcs11Row> pkcs11_rows() {
  return kRows;
}

void walk_pkcs11(WayBench& bench, LoginServer& server,
                 const std::function<bool(const std::string&)>& wanted, bool wrong_pin) {
  const auto module = pkcs11_module();
  auto missing = missing_program(pkcs11_programs());
  if (!missing && !module) {
    missing = "the PKCS#11 module is not installed (package libtpm2-pkcs11-1)";
  }
  if (missing) return block_all(bench, *missing, wanted);
  const auto broker = Broker::start(bench.folder, bench.tcti);
  if (!broker) return block_all(bench, broker.error().message, wanted);
  bool tried_wrong_pin = !wrong_pin;
  for (const auto& row : kRows) {
    if (bench.interrupted) return;
    if (!wanted(id_of(row))) continue;
    Token token(bench, server, row, *broker, *module);
    if (!token.walk() || tried_wrong_pin) continue;
    tried_wrong_pin = true;  // once: each one counts towards lockout
    token.try_wrong_pin();
  }
}

}  // namespace tpmprobe::probes
