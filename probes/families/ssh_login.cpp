// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "probes/families/families.h"
#include "probes/families/signing.h"
#include "probes/judge.h"
#include "probes/ssh/formats.h"
#include "probes/ssh/ssh_keygen.h"
#include "probes/verify/rsa.h"
#include "tpm/commands/signing.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

constexpr std::string_view kNamespace = "tpmprobe";
constexpr std::string_view kMessage = "A login with a key in this TPM.";
constexpr SshsigHash kMessageHash = SshsigHash::sha256;

/// One way to come by the signature that ssh wants.
struct SshRow {
  const KeyRow* key = nullptr;
  const SshAlgorithm* algorithm = nullptr;
  bool raw = false;  ///< RSA: padding outside the TPM
};

Bytes octets(std::string_view text) {
  return Bytes(text.begin(), text.end());
}

bool is_rsa(const SshRow& row) {
  return row.key->key.type == tpm::KeyTemplate::Type::rsa;
}

Expected<tpm::Signature> sign_raw(Workbench& bench, tpm::Object& key, tpm::AlgId hash,
                                  ByteView digest) {
  const Bytes padded = pkcs1_v15_encode(hash, digest, key.key().modulus.size());
  return tpm::rsa_private_operation(bench.session, key, padded).map([&](Bytes octets) {
    tpm::Signature signature;
    signature.algorithm = alg::kRsassa;
    signature.hash = hash;
    signature.rsa = std::move(octets);
    return signature;
  });
}

Expected<tpm::Signature> sign(const SshRow& row, Workbench& bench, tpm::Object& key) {
  const Bytes data = signed_data(kNamespace, kMessageHash, octets(kMessage));
  const tpm::AlgId hash = row.algorithm->hash;
  const Bytes digest = tpm::digest(hash, data);
  if (row.raw) return sign_raw(bench, key, hash, digest);
  const tpm::AlgId scheme = is_rsa(row) ? alg::kRsassa : alg::kEcdsa;
  return tpm::sign(bench.session, key, {scheme, hash, 0}, digest);
}

// A key that can be made and then cannot sign is the trap that this program is about: a failure,
// although the TPM never claimed the hash.
void judge_refusal(const SshRow& row, const Error& error, const Workbench& bench, Result& result) {
  judge(error,
        fmt::format("signing the {}-byte digest that {} requires", row.algorithm->digest_size,
                    row.algorithm->name),
        result);
  if (!row.raw && is_refusal(error))
    result.cause = missing_hash(bench.capabilities(), row.algorithm->hash);
  if (result.cause) add_evidence(result, knowledge::evidence::kDigestLimit);
  if (result.verdict == Verdict::unsupported) result.verdict = Verdict::fail;
}

Expected<SshKeygenAnswer> ask_ssh_keygen(const tpm::PublicKey& key, const std::string& file,
                                         std::string_view message) {
  auto line = public_key_line(key, "tpmprobe");
  if (!line) return tl::unexpected(line.error());
  return verify_with_ssh_keygen({*line, std::string(kNamespace), file, octets(message)});
}

void judge_signature(const SshRow& row, const Workbench& bench, const tpm::PublicKey& key,
                     const tpm::Signature& signature, Result& result) {
  auto blob = public_key_blob(key);
  if (!blob) return judge(blob.error(), "writing the public key in OpenSSH format", result);
  const auto file =
      sshsig_file(*blob, kNamespace, kMessageHash, signature_blob(*row.algorithm, signature));
  const auto answer = ask_ssh_keygen(key, file, kMessage);
  if (!answer) return judge(answer.error(), "running ssh-keygen", result);
  result.verified_by = {bench.openssh};
  if (!answer->valid) {
    result.verdict = Verdict::fail;
    add_evidence(result, knowledge::evidence::kSignatureWrong);
    result.actual =
        fmt::format("the TPM signs, but ssh-keygen rejects the signature: {}", answer->last_line);
    return;
  }
  const auto tampered = ask_ssh_keygen(key, file, "A login with another message.");
  if (!tampered) return judge(tampered.error(), "running ssh-keygen on a changed message", result);
  result.verdict = tampered->valid ? Verdict::error : Verdict::pass;
  result.actual =
      tampered->valid
          ? "ssh-keygen accepts the signature for another message too, so this proves nothing"
          : fmt::format(
                "signed in {:.1f} ms; ssh-keygen accepts it, and rejects it for another message",
                *result.sign_ms);
}

void run_ssh(const SshRow& row, Workbench& bench, Result& result) {
  result.expected =
      fmt::format("ssh-keygen accepts a {} signature from this TPM", row.algorithm->name);
  if (judge_creation(*row.key, bench.keys.record(row.key->key), bench, result)) return;
  auto key = bench.keys.loaded(row.key->key);
  if (!key) return judge(key.error(), fmt::format("loading the {} key", row.key->title), result);
  const auto signature = sign(row, bench, **key);
  if (!signature) return judge_refusal(row, signature.error(), bench, result);
  result.sign_ms = tpm::milliseconds(bench.recorder.last_duration());
  judge_signature(row, bench, (*key)->key(), *signature, result);
}

Probe ssh_probe(const SshRow& row) {
  Probe probe;
  probe.id = {.family = Family::ssh,
              .key = is_rsa(row) ? std::string(row.key->id) : "",
              .scheme = fmt::format("{}{}", row.algorithm->name, row.raw ? "-raw" : "")};
  probe.title = fmt::format("{} with {}{}: signature accepted by ssh-keygen", row.algorithm->name,
                            row.key->title, row.raw ? ", padded outside the TPM" : "");
  probe.clause = is_rsa(row) ? "RFC 8332, 3" : "RFC 5656, 6.2.1";
  probe.needs = key_needs(*row.key);
  probe.may_send = {cc::kTestParms};
  probe.needs.commands.push_back(row.raw ? cc::kRsaDecrypt : cc::kSign);
  if (is_rsa(row) && !row.raw) {
    probe.needs.algorithms.push_back(alg::kRsassa);
    probe.needs.algorithms.push_back(row.algorithm->hash);
  } else if (!is_rsa(row)) {
    probe.needs.algorithms.push_back(alg::kEcdsa);  // not the hash: see judge_refusal
  }
  probe.effects = static_cast<std::uint16_t>(knowledge::Effect::transient);
  probe.rsa_bits = row.key->key.key_bits;
  probe.run = [row](Workbench& bench, Result& result) { run_ssh(row, bench, result); };
  return probe;
}

}  // namespace

std::vector<Probe> ssh_probes(const KeyRow& key) {
  std::vector<Probe> probes;
  const bool rsa = key.key.type == tpm::KeyTemplate::Type::rsa;
  for (const SshAlgorithm& algorithm : ssh_algorithms()) {
    if (!algorithm.tpm) continue;
    const bool fits = rsa ? algorithm.curve == 0 : algorithm.curve == key.key.curve;
    if (!fits) continue;
    probes.push_back(ssh_probe({&key, &algorithm, false}));
    if (rsa) probes.push_back(ssh_probe({&key, &algorithm, true}));
  }
  return probes;
}

}  // namespace tpmprobe::probes
