// SPDX-License-Identifier: BSD-2-Clause
#include "suites/golden/signing_samples.h"

#include <algorithm>

namespace tpmprobe::golden {
namespace {

const std::vector<std::string> kHashes{"sha1",     "sha256",   "sha384",   "sha512",
                                       "sha3-256", "sha3-384", "sha3-512", "sm3-256"};

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

void set_passed(Result& result) {
  result.verdict = Verdict::pass;
  result.steps = {Step::yes, Step::yes, Step::yes, Step::yes, Step::yes};
  result.actual = result.id.scheme == "rsapss" ? "verified, salt of 32 bytes" : "verified";
  result.verified_by = {"OpenSSL 3.0.22"};
  result.tpm_commands = 1;
  result.sign_ms = 0.27;
}

void set_refused_digest(Result& result) {
  result.verdict = Verdict::unsupported;
  result.steps = {Step::no, Step::yes, Step::yes, Step::no, Step::not_tried};
  result.actual = "the key is created, the signature refused";
  result.rc = 0x1d5;
  result.command = 0x15d;
}

void add_combination(reports::Report& report, const Signing& signing, const std::string& scheme,
                     const std::string& key, const std::string& hash) {
  reports::ReportedResult reported;
  auto& result = reported.result;
  result.id = {.family = Family::sign, .key = key, .scheme = scheme, .hash = hash};
  result.title = scheme + " with " + key + " and " + hash;
  result.expected = "a signature that verifies outside the TPM";
  result.verdict = Verdict::unsupported;
  result.actual = "not in the TPM's lists";
  result.steps.advertised = Step::no;
  if (contains(signing.keys, key) && contains(signing.hashes, hash)) set_passed(result);
  if (contains(signing.keys_without_hash, key) && hash == "sha384") set_refused_digest(result);
  report.results.push_back(std::move(reported));
}

}  // namespace

Signing libtpms_signing() {
  return {{"rsa1024", "rsa2048", "rsa3072", "p256", "p384", "bn-p256"},
          {"sha1", "sha256", "sha384", "sha512"},
          {}};
}

Signing amd_signing() {
  return {{"rsa1024", "rsa2048", "p256", "p384", "bn-p256"}, {"sha1", "sha256"}, {"p384"}};
}

void add_signing(reports::Report& report, const Signing& signing) {
  for (const auto* key : {"rsa1024", "rsa2048", "rsa3072", "rsa4096"}) {
    for (const auto* scheme : {"rsassa", "rsapss"}) {
      for (const auto& hash : kHashes) add_combination(report, signing, scheme, key, hash);
    }
  }
  for (const auto* key : {"p256", "p384", "p521", "bn-p256"}) {
    for (const auto* scheme : {"ecdsa", "ecschnorr"}) {
      for (std::size_t at = 0; at < 5; ++at) {
        add_combination(report, signing, scheme, key, kHashes[at]);
      }
    }
  }
}

void add_defective_signing(reports::Report& report) {
  using enum Step;
  struct Defect {
    Verdict verdict;
    SignSteps steps;
  };
  const std::vector<Defect> defects{{Verdict::pass, {yes, yes, yes, yes, yes}},
                                    {Verdict::fail, {yes, yes, yes, yes, no}},
                                    {Verdict::mismatch, {no, yes, yes, yes, yes}},
                                    {Verdict::mismatch, {yes, no, yes, no, not_tried}},
                                    {Verdict::quirk, {yes, yes, no, not_tried, not_tried}},
                                    {Verdict::unsupported, {no, no, not_tried, not_tried}},
                                    {Verdict::blocked, {yes, yes, no, not_tried, not_tried}},
                                    {Verdict::error, {yes, not_tried, not_tried, not_tried}}};
  const Signing none;
  for (const auto* scheme : {"ecdsa", "ecschnorr"}) {
    for (std::size_t at = 0; at < kHashes.size(); ++at) {
      add_combination(report, none, scheme, "bn-p256", kHashes[at]);
      auto& result = report.results.back().result;
      result.verdict = defects[at].verdict;
      result.steps = defects[at].steps;
    }
  }
  report.results.back().result.verdict = Verdict::pass;
  report.results[13].result.verdict = Verdict::pass;
}

}  // namespace tpmprobe::golden
