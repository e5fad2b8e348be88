// SPDX-License-Identifier: BSD-2-Clause
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "probes/families/families.h"
#include "probes/families/known_key_data.h"
#include "probes/families/wrong_signature.h"
#include "probes/judge.h"
#include "probes/verify/nonce.h"
#include "probes/verify/verify.h"
#include "probes/workbench.h"
#include "tpm/commands/signing.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
namespace evidence = knowledge::evidence;

constexpr tpm::Scheme kRsassa{.algorithm = alg::kRsassa, .hash = alg::kSha256};
constexpr tpm::Scheme kEcdsa{.algorithm = alg::kEcdsa, .hash = alg::kSha256};

// With three good numbers look bad in one case of 2^61, with four in one of 2^92 (nonce.h).
constexpr int kSignatures = 4;

Bytes digest_of(const std::string& message) {
  return tpm::digest(alg::kSha256,
                     {reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
}

std::optional<tpm::Object> load(const tpm::ExternalKey& key, Workbench& bench, Result& result) {
  bench.keys.release_key();
  auto object = tpm::load_external(bench.session, key);
  if (object) return std::move(*object);
  judge(object.error(), "loading a key with its private half in the clear", result);
  return std::nullopt;
}

/// False if nothing more can be learnt from this signature.
bool judge_signature(const tpm::PublicKey& key, const tpm::Signature& signature, ByteView digest,
                     Result& result) {
  const auto outcome = verify_signature(key, signature, digest);
  if (!outcome.checked) {
    result.verdict = Verdict::error;
    result.actual = fmt::format("signed, but it cannot be verified here: {}", outcome.why);
    return false;
  }
  result.verified_by = {outcome.by};
  if (!outcome.valid) judge_wrong_signature(key, signature, digest, outcome, result);
  if (!outcome.shape_defect.empty()) {
    find_fault(result, outcome.shape_evidence,
               fmt::format("{}, but malformed: {}",
                           outcome.valid ? "the signature is correct" : result.actual,
                           outcome.shape_defect));
  }
  return outcome.valid;
}

/// A signature that verifies; nullopt if there is none, which `result` then says.
std::optional<tpm::Signature> sign(tpm::Object& key, const tpm::Scheme& scheme, ByteView digest,
                                   Workbench& bench, Result& result) {
  auto signature = tpm::sign(bench.session, key, scheme, digest);
  if (!signature) {
    judge(signature.error(), "signing with the loaded key", result);
    return std::nullopt;
  }
  if (!judge_signature(key.key(), *signature, digest, result)) return std::nullopt;
  return std::move(*signature);
}

void run_leading_zero(Workbench& bench, Result& result) {
  result.expected = "a signature that begins with a zero byte is as long as the modulus";
  auto key = load(known_rsa2048(), bench, result);
  if (!key) return;
  result.verdict = Verdict::pass;
  result.actual = "the zero byte is there";
  sign(*key, kRsassa, digest_of(leading_zero_message()), bench, result);
}

void judge_nonces(std::span<const openssl::BigNumber> nonces, Result& result) {
  const auto word = nonce_evidence(*find_curve(knowledge::curve::kNistP256), nonces);
  if (word.empty()) return;
  find_fault(
      result, word,
      fmt::format("the secret numbers of {} ECDSA signatures {}: they reveal the private key",
                  nonces.size(),
                  word == evidence::kNonceShort ? "are too short"
                                                : "repeat, as a whole or in their lowest 32 bits"));
}

void run_nonces(Workbench& bench, Result& result) {
  result.expected = "the secret numbers of ECDSA signatures reveal nothing";
  const tpm::ExternalKey known = known_p256();
  auto key = load(known, bench, result);
  if (!key) return;
  result.verdict = Verdict::pass;
  result.actual = fmt::format(
      "the secret numbers of {} signatures have nothing in common, and are as long as they should "
      "be",
      kSignatures);
  const openssl::BigNumber secret = openssl::big_number(known.secret);
  std::vector<openssl::BigNumber> nonces;
  for (int i = 0; i < kSignatures; ++i) {
    const Bytes digest = digest_of(numbered_message(i));
    const auto signature = sign(*key, kEcdsa, digest, bench, result);
    if (!signature) return;
    const Curve& curve = *find_curve(knowledge::curve::kNistP256);
    nonces.push_back(ecdsa_nonce(curve, secret.get(), *signature, digest));
  }
  judge_nonces(nonces, result);
}

Probe known_probe(std::string id, std::string title, std::vector<tpm::AlgId> algorithms) {
  Probe probe;
  probe.id = {Family::known, std::move(id)};
  probe.title = std::move(title);
  probe.needs.algorithms = std::move(algorithms);
  probe.needs.commands = {cc::kLoadExternal, cc::kSign, cc::kFlushContext};
  probe.effects = static_cast<std::uint16_t>(knowledge::Effect::transient);
  return probe;
}

}  // namespace

std::vector<Probe> known_key_probes() {
  Probe zero = known_probe("rsa2048-leading-zero", "RSA signature that begins with a zero byte",
                           {alg::kRsa, alg::kRsassa, alg::kSha256});
  zero.clause = "RFC 8017, 8.2.1; Part 3, 12.3 TPM2_LoadExternal, 20.2 TPM2_Sign";
  zero.run = run_leading_zero;
  Probe nonces = known_probe("p256-nonces", "Secret numbers of ECDSA signatures",
                             {alg::kEcc, alg::kEcdsa, alg::kSha256});
  nonces.clause = "FIPS 186-5, 6.3; Part 3, 12.3 TPM2_LoadExternal, 20.2 TPM2_Sign";
  nonces.needs.curve = knowledge::curve::kNistP256;
  nonces.run = run_nonces;
  std::vector<Probe> probes;
  probes.push_back(std::move(zero));
  probes.push_back(std::move(nonces));
  return probes;
}

}  // namespace tpmprobe::probes
