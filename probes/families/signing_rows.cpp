// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "probes/families/signing.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

using Hashes = std::vector<tpm::AlgId>;

const Hashes kRsaHashes{alg::kSha1, alg::kSha256,   alg::kSha384,   alg::kSha512,
                        alg::kSm3,  alg::kSha3_256, alg::kSha3_384, alg::kSha3_512};

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
    {"sm2p256", {alg::kSha256, alg::kSm3}, {}, {}, {alg::kSha256, alg::kSm3}},
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
