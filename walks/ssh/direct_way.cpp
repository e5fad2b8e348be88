// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/direct_way.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "knowledge/algorithm_ids.h"
#include "probes/families/keys.h"
#include "probes/families/signing.h"
#include "probes/judge.h"
#include "probes/probe.h"
#include "probes/ssh/formats.h"
#include "probes/verify/rsa.h"
#include "tpm/commands/signing.h"
#include "tpm/digest.h"
#include "walks/ssh/agent.h"

namespace tpmprobe::walks {
namespace {

namespace alg = knowledge::alg;

/// One key of the direct way: its name as in the PKCS#11 way, and the row of key_rows().
struct DirectRow {
  std::string_view id, key;
};

constexpr std::array kRows{DirectRow{"ecc256", "p256"},     DirectRow{"ecc384", "p384"},
                           DirectRow{"ecc521", "p521"},     DirectRow{"ecc224", "p224"},
                           DirectRow{"rsa2048", "rsa2048"}, DirectRow{"rsa3072", "rsa3072"},
                           DirectRow{"rsa4096", "rsa4096"}};

/// What ssh wants of an RSA key is in the flags; of an ECDSA key in its curve (RFC 5656, 6.2.1).
const probes::SshAlgorithm* algorithm_for(const tpm::PublicKey& key, std::uint32_t flags) {
  constexpr std::uint32_t kSha256 = 2, kSha512 = 4;
  if (key.type == tpm::KeyTemplate::Type::ecc) return probes::ssh_algorithm_of(key);
  if ((flags & kSha512) != 0) return probes::find_ssh_algorithm("rsa-sha2-512");
  return (flags & kSha256) != 0 ? probes::find_ssh_algorithm("rsa-sha2-256") : nullptr;
}

/// Signs with the key, and remembers why it could not.
class TpmSigner {
 public:
  TpmSigner(probes::Workbench& bench, tpm::Object& key) : bench_(bench), key_(key) {}

  std::optional<Bytes> sign(ByteView data, std::uint32_t flags) {
    algorithm_ = algorithm_for(key_.key(), flags);
    if (algorithm_ == nullptr) return std::nullopt;
    const bool rsa = key_.key().type == tpm::KeyTemplate::Type::rsa;
    const auto digest = tpm::digest(algorithm_->hash, data);
    // RSA can be padded outside, as every PKCS#11 module does it; ECDSA has no such way out.
    const bool outside =
        rsa && probes::missing_hash(bench_.capabilities(), algorithm_->hash).has_value();
    const auto signature = outside ? sign_padded(digest) : sign_digest(digest, rsa);
    if (signature) return probes::signature_blob(*algorithm_, *signature);
    error_ = signature.error();
    return std::nullopt;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const probes::SshAlgorithm* algorithm() const { return algorithm_; }

 private:
  Expected<tpm::Signature> sign_digest(ByteView digest, bool rsa) {
    return tpm::sign(bench_.session, key_, {rsa ? alg::kRsassa : alg::kEcdsa, algorithm_->hash, 0},
                     digest);
  }

  Expected<tpm::Signature> sign_padded(ByteView digest) {
    const auto padded =
        probes::pkcs1_v15_encode(algorithm_->hash, digest, key_.key().modulus.size());
    return tpm::rsa_private_operation(bench_.session, key_, padded).map([&](Bytes octets) {
      return tpm::Signature{alg::kRsassa, algorithm_->hash, std::move(octets), {}, {}};
    });
  }

  probes::Workbench& bench_;
  tpm::Object& key_;
  const probes::SshAlgorithm* algorithm_ = nullptr;
  std::optional<Error> error_;
};

ProbeId way_of(const DirectRow& row) {
  return {.family = Family::direct, .way = std::string(row.id)};
}

class Login {
 public:
  Login(WayBench& way, probes::Workbench& bench, LoginServer& server, const DirectRow& row)
      : way_(way),
        bench_(bench),
        server_(server),
        row_(row),
        key_row_(*probes::find_key_row(row.key)) {}

  void walk() {
    if (make_key()) log_in();
  }

 private:
  bool make_key() {
    WayStep step(way_, with_step(way_of(row_), "key"),
                 fmt::format("{}: the TPM creates the key without any middleware", row_.id),
                 "TPM2_Create returns a key");
    const auto lacking = probes::missing(probes::key_needs(key_row_), bench_.capabilities());
    Result& result = step.result();
    if (!lacking.empty()) {
      result.verdict = Verdict::unsupported;
      result.layer = "TPM";
      result.actual = fmt::format("the TPM does not list {}", fmt::join(lacking, ", "));
    } else if (probes::judge_creation(key_row_, bench_.keys.record(key_row_.key), bench_, result)) {
      result.layer = "TPM";
    } else {
      step.pass("the TPM created the key");
    }
    return step.finish();
  }

  void log_in() {
    WayStep step(way_, with_step(way_of(row_), "login"),
                 fmt::format("{}: login with tpmprobe's own ssh-agent", row_.id),
                 "sshd accepts a signature from the TPM");
    auto key = bench_.keys.loaded(key_row_.key);
    if (!key) {
      probes::judge(key.error(), "loading the key", step.result());
    } else {
      log_in_with(step, **key);
    }
    step.finish();
  }

  void log_in_with(WayStep& step, tpm::Object& key) {
    const auto line = probes::public_key_line(key.key(), "tpmprobe");
    const auto blob = probes::public_key_blob(key.key());
    const auto socket = AgentSocket::open(way_.folder / "direct");
    if (!line || !blob) {
      step.result().verdict = Verdict::unsupported;
      step.result().layer = "OpenSSH";
      step.result().actual = "ssh has no key type for this curve (layer: OpenSSH)";
      return;
    }
    if (!socket) return probes::judge(socket.error(), "opening the agent's socket", step.result());
    server_.admit(*line);
    server_.take_log();
    TpmSigner signer(bench_, key);
    const AgentKey agent_key{*blob, "tpmprobe", [&](ByteView data, std::uint32_t flags) {
                               return signer.sign(data, flags);
                             }};
    serve_ssh(step, *socket, agent_key);
    judge_login(step, signer);
  }

  void serve_ssh(WayStep& step, const AgentSocket& socket, const AgentKey& key) {
    tpm::ProcessOptions options;
    options.environment = {{"SSH_AUTH_SOCK", std::nullopt},
                           {"HOME", (way_.folder / "home").string()}};
    auto ssh = tpm::ChildProcess::start(
        server_.client({"IdentityAgent=" + (way_.folder / "direct").string(), "BatchMode=yes"}),
        options);
    if (!ssh) return step.add_lines(ssh.error().message);
    socket.serve(key, ssh->child().exit_event());
    std::array<char, 4096> text{};
    const ssize_t count = ::read(ssh->errors().get(), text.data(), text.size());
    if (count > 0) step.add_lines(std::string(text.data(), static_cast<std::size_t>(count)));
  }

  void judge_login(WayStep& step, const TpmSigner& signer) {
    Result& result = step.result();
    const auto log = server_.take_log();
    if (log.find("Accepted publickey") != std::string::npos) {
      result.verified_by = {"sshd"};
      return step.pass("sshd accepted the signature");
    }
    step.add_lines(refusals_in(log));
    if (!signer.error() || way_.interrupted) {
      return step.fail("ssh", "sshd did not accept the key");
    }
    probes::judge(*signer.error(), "signing the login", result);
    result.layer = "TPM";
    result.actual += " (layer: TPM)";
    if (probes::is_refusal(*signer.error()) && signer.algorithm() != nullptr) {
      result.cause = probes::missing_hash(bench_.capabilities(), signer.algorithm()->hash);
      result.verdict = Verdict::fail;  // the key was made, and is of no use
    }
    if (result.cause) result.advice = probes::advice_without_hash(bench_.capabilities());
  }

  WayBench& way_;
  probes::Workbench& bench_;
  LoginServer& server_;
  const DirectRow& row_;
  const probes::KeyRow& key_row_;
};

}  // namespace

std::vector<ProbeId> direct_ways() {
  std::vector<ProbeId> ways;
  std::ranges::transform(kRows, std::back_inserter(ways), way_of);
  return ways;
}

void walk_direct(WayBench& way, probes::Workbench& bench, LoginServer& server,
                 const Wanted& wanted) {
  for (const auto& row : kRows) {
    if (way.interrupted) return;
    if (wanted(way_of(row))) Login(way, bench, server, row).walk();
  }
  static_cast<void>(bench.keys.flush());
}

}  // namespace tpmprobe::walks
