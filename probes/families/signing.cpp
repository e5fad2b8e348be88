// SPDX-License-Identifier: BSD-2-Clause
#include "probes/families/signing.h"

#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "knowledge/property_tags.h"
#include "probes/families/wrong_signature.h"
#include "probes/judge.h"
#include "probes/verify/rsa.h"
#include "probes/verify/verify.h"
#include "tpm/commands/signing.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace evidence = knowledge::evidence;

// What is signed everywhere; its digest is computed here, as real software does it.
constexpr std::string_view kMessage = "tpmprobe signs this sentence to see whether it can.";

ByteView message() {
  return {reinterpret_cast<const std::uint8_t*>(kMessage.data()), kMessage.size()};
}

/// A signature and what was needed to check it.
struct Signed {
  tpm::Signature signature;
  tpm::Commitment commitment;
};

// ECDAA is the one scheme that the key itself must have, and that signs in two commands.
tpm::KeyTemplate key_for(const SigningRow& row) {
  tpm::KeyTemplate key = row.key->key;
  if (row.scheme.algorithm == alg::kEcdaa) key.scheme = row.scheme;
  return key;
}

Expected<Signed> sign_digest(const SigningRow& row, Workbench& bench, tpm::Object& key,
                             ByteView digest) {
  Signed made;
  tpm::Scheme scheme = row.scheme;
  if (scheme.algorithm == alg::kEcdaa) {
    auto commitment = tpm::commit(bench.session, key);
    if (!commitment) return tl::unexpected(commitment.error());
    made.commitment = *commitment;
    scheme.count = commitment->counter;
  }
  auto signature = tpm::sign(bench.session, key, scheme, digest);
  if (!signature) return tl::unexpected(signature.error());
  made.signature = std::move(*signature);
  return made;
}

// TestParms is asked for scheme and hash together; the key rows ask for the key alone.
void ask_test_parms(const SigningRow& row, Workbench& bench, Result& result) {
  if (bench.capabilities().commands &&
      !bench.capabilities().has_command(knowledge::cc::kTestParms)) {
    return;
  }
  tpm::KeyTemplate key = row.key->key;
  key.use = tpm::KeyUse::sign;
  key.scheme = row.scheme;
  const auto asked = tpm::test_parms(bench.session, key);
  if (asked || is_refusal(asked.error())) {
    result.steps.test_parms = asked ? Step::yes : Step::no;
  }
}

// A refusal contradicts the TPM's own word only if it claimed the combination.
void judge_refusal(const SigningRow& row, const Error& error, const Workbench& bench,
                   Result& result) {
  judge(error,
        fmt::format("signing a {}-byte {} digest", tpm::digest_size(row.scheme.hash),
                    knowledge::find_algorithm(row.scheme.hash)->title),
        result);
  if (is_refusal(error)) result.cause = missing_hash(bench.capabilities(), row.scheme.hash);
  if (result.cause) add_evidence(result, evidence::kDigestLimit);
  const bool claimed = result.steps.advertised == Step::yes && result.steps.test_parms != Step::no;
  if (result.verdict == Verdict::unsupported && claimed) result.verdict = Verdict::mismatch;
}

// RFC 8446, 4.2.3 and most verifiers want a salt as long as the digest (RFC 8017, 9.1).
std::string_view salt_fault(int salt, std::size_t digest_size) {
  if (salt == 0) return evidence::kSaltEmpty;
  return salt > static_cast<int>(digest_size) ? evidence::kSaltMaximum : std::string_view{};
}

// Two signatures over one digest differ in nothing but their salt.
bool salt_repeats(const SigningRow& row, Workbench& bench, tpm::Object& key, ByteView digest,
                  const tpm::Signature& first) {
  const auto second = tpm::sign(bench.session, key, row.scheme, digest);
  return second && second->rsa == first.rsa;
}

void judge_salt(const SigningRow& row, Workbench& bench, tpm::Object& key,
                const tpm::Signature& signature, ByteView digest, Result& result) {
  if (row.scheme.algorithm != alg::kRsapss || result.steps.verified != Step::yes) return;
  const auto salt = pss_salt_length(key.key(), signature, digest);
  if (!salt) return;
  result.actual += fmt::format("; salt of {} bytes", *salt);
  auto fault = salt_fault(*salt, digest.size());
  if (fault.empty() && salt_repeats(row, bench, key, digest, signature)) {
    fault = evidence::kSaltRepeats;
    result.actual += ", the same each time";
  }
  if (*salt != static_cast<int>(digest.size())) {
    result.actual += ", not as long as the digest: strict verifiers (TLS 1.3) refuse it";
  } else if (fault.empty()) {
    result.actual += ", as long as the digest";
  }
  if (fault.empty()) return;
  result.verdict = Verdict::fail;
  add_evidence(result, fault);
}

void judge_signature(const tpm::PublicKey& key, const Signed& made, ByteView digest,
                     Result& result) {
  const auto outcome = verify_signature(key, made.signature, digest, &made.commitment);
  result.verified_by = {outcome.by};
  if (!outcome.checked) {
    result.verdict = Verdict::error;
    result.actual = fmt::format("signed, but it cannot be verified here: {}", outcome.why);
    result.verified_by.clear();
    return;
  }
  result.steps.verified = outcome.valid ? Step::yes : Step::no;
  if (!outcome.shape_evidence.empty()) add_evidence(result, outcome.shape_evidence);
  if (!outcome.valid) {
    return judge_wrong_signature(key, made.signature, digest, outcome, result);
  }
  if (!outcome.shape_defect.empty()) {
    result.verdict = Verdict::fail;
    result.actual = fmt::format("the signature is correct but malformed: {}", outcome.shape_defect);
    return;
  }
  const bool unclaimed = result.steps.advertised == Step::no || result.steps.test_parms == Step::no;
  result.verdict = unclaimed ? Verdict::mismatch : Verdict::pass;
  result.actual = fmt::format("signed in {:.1f} ms, verified by {}{}", *result.sign_ms, outcome.by,
                              unclaimed ? "; the TPM does not advertise this" : "");
}

}  // namespace

std::optional<std::string> missing_hash(const knowledge::Capabilities& capabilities,
                                        tpm::AlgId hash) {
  if (!capabilities.algorithms || capabilities.has_algorithm(hash)) return std::nullopt;
  auto text = fmt::format("no {} in this TPM", knowledge::find_algorithm(hash)->title);
  if (const auto largest = capabilities.property(knowledge::kPtMaxDigest)) {
    text += fmt::format(" (its largest digest has {} bytes)", *largest);
  }
  return text;
}

void run_signing(const SigningRow& row, Workbench& bench, Result& result) {
  result.expected = "the TPM signs, and other software verifies the signature";
  Needs claim = key_needs(*row.key);
  claim.algorithms.push_back(row.scheme.algorithm);
  claim.algorithms.push_back(row.scheme.hash);
  const KeyRecord& record = bench.keys.record(key_for(row));
  if (judge_creation(*row.key, record, bench, result)) return;
  if (const auto advertised = is_advertised(bench.capabilities(), claim)) {
    result.steps.advertised = *advertised ? Step::yes : Step::no;
  }
  result.steps.test_parms = Step::not_tried;
  ask_test_parms(row, bench, result);
  auto key = bench.keys.loaded(key_for(row));
  if (!key) return judge(key.error(), fmt::format("loading the {} key", row.key->title), result);
  const Bytes digest = tpm::digest(row.scheme.hash, message());
  if (digest.empty()) {
    result.actual = "this OpenSSL cannot compute the digest, so nothing could be verified";
    return;
  }
  auto made = sign_digest(row, bench, **key, digest);
  result.steps.signed_ = made ? Step::yes : Step::no;
  if (!made) return judge_refusal(row, made.error(), bench, result);
  result.sign_ms = tpm::milliseconds(bench.recorder.last_duration());
  judge_signature((*key)->key(), *made, digest, result);
  judge_salt(row, bench, **key, made->signature, digest, result);
}

namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

using Hashes = std::vector<tpm::AlgId>;

const Hashes kRsaHashes{alg::kSha1,    alg::kSha256,   alg::kSha384,   alg::kSha512,
                        alg::kSm3_256, alg::kSha3_256, alg::kSha3_384, alg::kSha3_512};

/// The hashes that the field uses with a key, per scheme.
struct EccRow {
  std::string_view key;
  Hashes ecdsa, ecschnorr, ecdaa, sm2;
  /// The hash that ssh and TLS 1.3 fix for ECDSA on this curve (RFC 5656, 6.2.1; RFC 8446, 4.2.3);
  /// TPM_ALG_NULL if they do not know the curve.
  tpm::AlgId fixed_hash = alg::kNull;
};

const std::array<EccRow, 11> kEccRows{{
    {"p256",
     {alg::kSha1, alg::kSha256, alg::kSha384, alg::kSha512, alg::kSha3_256},
     {alg::kSha256},
     {alg::kSha256},
     {},
     alg::kSha256},
    {"p384",
     {alg::kSha256, alg::kSha384, alg::kSha512, alg::kSha3_384},
     {alg::kSha256, alg::kSha384},
     {alg::kSha256, alg::kSha384},
     {},
     alg::kSha384},
    {"p521",
     {alg::kSha256, alg::kSha384, alg::kSha512, alg::kSha3_512},
     {alg::kSha256, alg::kSha512},
     {alg::kSha256, alg::kSha512},
     {},
     alg::kSha512},
    {"p192", {alg::kSha1, alg::kSha256}, {alg::kSha256}, {alg::kSha256}, {}},
    {"p224", {alg::kSha1, alg::kSha256}, {alg::kSha256}, {alg::kSha256}, {}},
    {"bn256", {alg::kSha1, alg::kSha256}, {alg::kSha256}, {alg::kSha1, alg::kSha256}, {}},
    {"bn638", {alg::kSha256, alg::kSha512}, {alg::kSha256}, {alg::kSha256}, {}},
    {"sm2p256", {alg::kSha256, alg::kSm3_256}, {}, {}, {alg::kSha256, alg::kSm3_256}},
    {"bp256", {alg::kSha256}, {alg::kSha256}, {}, {}},
    {"bp384", {alg::kSha384}, {alg::kSha384}, {}, {}},
    {"bp512", {alg::kSha512}, {alg::kSha512}, {}, {}},
}};

void add(std::vector<SigningRow>& rows, const KeyRow& key, tpm::AlgId scheme,
         const Hashes& hashes) {
  for (const auto hash : hashes) rows.push_back({&key, {scheme, hash, 0}, false});
}

Probe signing_probe(const SigningRow& row) {
  Probe probe;
  const auto* scheme = knowledge::find_algorithm(row.scheme.algorithm);
  const auto* hash = knowledge::find_algorithm(row.scheme.hash);
  probe.id = {.family = Family::sign,
              .key = std::string(row.key->id),
              .scheme = std::string(scheme->name),
              .hash = std::string(hash->name)};
  probe.title = fmt::format("{} with {} and {}: sign, verify outside the TPM", scheme->title,
                            row.key->title, hash->title);
  probe.clause = "Part 3, 20.2 TPM2_Sign";
  probe.needs = key_needs(*row.key);
  probe.may_send = {cc::kTestParms};
  probe.needs.algorithms.push_back(row.scheme.algorithm);
  if (!row.demanded) probe.needs.algorithms.push_back(row.scheme.hash);
  probe.needs.commands.push_back(cc::kSign);
  if (row.scheme.algorithm == alg::kEcdaa) probe.needs.commands.push_back(cc::kCommit);
  probe.effects = static_cast<std::uint16_t>(knowledge::Effect::transient);
  probe.rsa_bits = row.key->key.key_bits;
  probe.run = [row](Workbench& bench, Result& result) { run_signing(row, bench, result); };
  return probe;
}

}  // namespace

std::vector<SigningRow> signing_rows(const KeyRow& key) {
  std::vector<SigningRow> rows;
  if (key.key.type == tpm::KeyTemplate::Type::rsa) {
    add(rows, key, alg::kRsassa, kRsaHashes);
    add(rows, key, alg::kRsapss, kRsaHashes);
    return rows;
  }
  for (const EccRow& row : kEccRows) {
    if (row.key != key.id) continue;
    add(rows, key, alg::kEcdsa, row.ecdsa);
    for (SigningRow& made : rows) made.demanded = made.scheme.hash == row.fixed_hash;
    add(rows, key, alg::kSm2, row.sm2);
    add(rows, key, alg::kEcschnorr, row.ecschnorr);
    add(rows, key, alg::kEcdaa, row.ecdaa);
  }
  return rows;
}

std::vector<Probe> signing_probes(const KeyRow& key) {
  std::vector<Probe> probes;
  for (const SigningRow& row : signing_rows(key)) probes.push_back(signing_probe(row));
  return probes;
}

}  // namespace tpmprobe::probes
