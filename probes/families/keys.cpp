// SPDX-License-Identifier: BSD-2-Clause
#include "probes/families/keys.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "probes/judge.h"
#include "probes/verify/rsa.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
namespace curve = knowledge::curve;

constexpr tpm::KeyTemplate ecc(tpm::CurveId id) {
  tpm::KeyTemplate key;
  key.curve = id;
  return key;
}

// Sign and decrypt at once: the same key serves TPM2_Sign and the raw operation of tpm2-pkcs11.
constexpr tpm::KeyTemplate rsa(std::uint16_t bits) {
  tpm::KeyTemplate key;
  key.type = tpm::KeyTemplate::Type::rsa;
  key.key_bits = bits;
  key.use = tpm::KeyUse::sign_decrypt;
  return key;
}

constexpr std::array kRows{
    KeyRow{"p256", "NIST P-256", ecc(curve::kNistP256)},
    KeyRow{"p384", "NIST P-384", ecc(curve::kNistP384)},
    KeyRow{"p521", "NIST P-521", ecc(curve::kNistP521)},
    KeyRow{"p192", "NIST P-192", ecc(curve::kNistP192)},
    KeyRow{"p224", "NIST P-224", ecc(curve::kNistP224)},
    KeyRow{"bn256", "BN P-256", ecc(curve::kBnP256)},
    KeyRow{"bn638", "BN P-638", ecc(curve::kBnP638)},
    KeyRow{"sm2p256", "SM2 P-256", ecc(curve::kSm2P256)},
    KeyRow{"bp256", "Brainpool P-256 r1", ecc(curve::kBpP256R1)},
    KeyRow{"bp384", "Brainpool P-384 r1", ecc(curve::kBpP384R1)},
    KeyRow{"bp512", "Brainpool P-512 r1", ecc(curve::kBpP512R1)},
    KeyRow{"rsa1024", "RSA-1024", rsa(1024)},
    KeyRow{"rsa2048", "RSA-2048", rsa(2048)},
    KeyRow{"rsa3072", "RSA-3072", rsa(3072)},
    KeyRow{"rsa4096", "RSA-4096", rsa(4096)},
};

// TPM 2.0 Part 2, 6.6.3; the first without position.

constexpr auto kTransient = static_cast<std::uint16_t>(knowledge::Effect::transient);

std::string lacks(const KeyRow& row) {
  return fmt::format("no {} in this TPM", row.title);
}

// The key was not generated because the run is quick: what TestParms says is all there is.
void judge_untried(const KeyRow& row, const KeyRecord& record, Result& result) {
  if (record.test_parms && !*record.test_parms) {
    judge(record.test_parms->error(), fmt::format("asking for {}", row.title), result);
    if (result.verdict == Verdict::unsupported) result.cause = lacks(row);
    return;
  }
  result.verdict = Verdict::pass;
  result.actual = fmt::format(
      "{}; not generated in a quick run",
      record.test_parms ? "TPM2_TestParms accepts it" : "the TPM does not have TPM2_TestParms");
}

// The key is there although TestParms said that it could not be.
bool is_unclaimed(const KeyRecord& record) {
  return record.test_parms && !*record.test_parms && is_refusal(record.test_parms->error()) &&
         record.test_parms->error().rc != knowledge::rc::kCommandCode;
}

void judge_unclaimed(const KeyRow& row, const KeyRecord& record, Result& result) {
  judge(record.test_parms->error(), fmt::format("asking for {}", row.title), result);
  result.verdict = Verdict::mismatch;
  result.actual += ", but such a key can be created";
}

// Some firmware (Infineon 7.6x with BN P-256) makes keys of a kind only with a fixed scheme.
bool wants_scheme(const Error& error) {
  return knowledge::decode_rc(error.rc).base == knowledge::rc::kScheme;
}

// A key that works, and that nobody should use.
void judge_weakness(const KeyRow& row, const KeyRecord& record, Result& result) {
  if (row.key.type != tpm::KeyTemplate::Type::rsa) return;
  for (const KeyFault& fault : rsa_key_faults((*record.blob)->key, row.key.key_bits)) {
    result.verdict = Verdict::fail;
    result.actual += fmt::format("; {}", fault.text);
    add_evidence(result, fault.evidence);
  }
}

void run_key(const KeyRow& row, Workbench& bench, Result& result) {
  result.expected = "the key is created under a transient primary, and loaded";
  const KeyRecord& record = bench.keys.record(row.key);
  if (!record.blob) return judge_untried(row, record, result);
  if (judge_creation(row, record, bench, result)) return;
  result.keygen_ms = record.keygen_ms;
  if (auto loaded = bench.keys.loaded(row.key); !loaded) {
    judge(loaded.error(), fmt::format("loading the {} key just created", row.title), result);
    if (result.verdict == Verdict::unsupported) result.verdict = Verdict::fail;
    return;
  }
  if (is_unclaimed(record)) return judge_unclaimed(row, record, result);
  result.verdict = Verdict::pass;
  result.actual = fmt::format("created in {:.1f} ms and loaded", *record.keygen_ms);
  judge_weakness(row, record, result);
}

Step step(const std::optional<bool>& known) {
  if (!known) return Step::not_tried;
  return *known ? Step::yes : Step::no;
}

bool judge_failed(const KeyRow& row, const KeyRecord& record, Result& result) {
  judge(record.blob->error(), fmt::format("creating a key of type {}", row.title), result);
  if (result.verdict != Verdict::unsupported) return true;
  // Curves are advertised one by one, RSA sizes only by TestParms.
  const bool refused_beforehand = result.steps.test_parms == Step::no;
  const bool claimed = row.key.type == tpm::KeyTemplate::Type::ecc
                           ? result.steps.advertised == Step::yes && !refused_beforehand
                           : result.steps.test_parms == Step::yes;
  if (wants_scheme(record.blob->error())) {
    result.cause = "this TPM creates such a key only with a fixed scheme";
    return true;
  }
  if (claimed) result.verdict = Verdict::mismatch;
  if (refused_beforehand) result.cause = lacks(row);
  return true;
}

}  // namespace

std::span<const KeyRow> key_rows() {
  return kRows;
}

const KeyRow* find_key_row(std::string_view id) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const KeyRow& candidate) { return candidate.id == id; });
  return row == kRows.end() ? nullptr : &*row;
}

Needs key_needs(const KeyRow& row) {
  Needs needs;
  const bool is_rsa = row.key.type == tpm::KeyTemplate::Type::rsa;
  needs.algorithms = {is_rsa ? alg::kRsa : alg::kEcc};
  if (!is_rsa) needs.curve = row.key.curve;
  needs.commands = {cc::kCreatePrimary, cc::kCreate, cc::kLoad, cc::kFlushContext};
  return needs;
}

Probe key_probe(const KeyRow& row) {
  Probe probe;
  probe.id = {.family = Family::key, .key = std::string(row.id)};
  probe.title = fmt::format("{} key: create and load", row.title);
  probe.clause = "Part 3, 12.1 TPM2_Create, 12.2 TPM2_Load, 30.3 TPM2_TestParms";
  probe.needs = key_needs(row);
  probe.may_send = {cc::kTestParms};
  probe.effects = kTransient;
  probe.rsa_bits = row.key.key_bits;
  probe.run = [&row](Workbench& bench, Result& result) { run_key(row, bench, result); };
  return probe;
}

std::optional<bool> is_advertised(const knowledge::Capabilities& capabilities, const Needs& needs) {
  if (!capabilities.algorithms || (needs.curve && !capabilities.curves)) return std::nullopt;
  const bool algorithms = std::all_of(needs.algorithms.begin(), needs.algorithms.end(),
                                      [&](auto id) { return capabilities.has_algorithm(id); });
  return algorithms && (!needs.curve || capabilities.has_curve(*needs.curve));
}

bool judge_creation(const KeyRow& row, const KeyRecord& record, const Workbench& bench,
                    Result& result) {
  result.steps.advertised = step(is_advertised(bench.capabilities(), key_needs(row)));
  if (record.test_parms) {
    result.steps.test_parms = record.test_parms->has_value() ? Step::yes : Step::no;
  }
  if (!record.blob) return true;
  result.steps.created = record.blob->has_value() ? Step::yes : Step::no;
  return !record.blob->has_value() && judge_failed(row, record, result);
}

}  // namespace tpmprobe::probes
