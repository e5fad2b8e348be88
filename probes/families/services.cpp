// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/services.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "probes/families/families.h"
#include "probes/judge.h"
#include "probes/workbench.h"
#include "tpm/commands/sessions.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
namespace evidence = knowledge::evidence;

// That 32 good draws of 16 octets hold a pair of equal ones happens once in 2^119 runs; a generator
// that knows 2^8 values shows it in 86 of 100.
constexpr int kDraws = 32;
constexpr std::uint16_t kDrawOctets = 16;

bool is_one_octet_repeated(const Bytes& draw) {
  return std::ranges::all_of(draw, [&](auto octet) { return octet == draw.front(); });
}

std::size_t count_different(const std::vector<Bytes>& draws) {
  std::size_t count = 0;
  for (auto draw = draws.begin(); draw != draws.end(); ++draw) {
    if (std::find(draws.begin(), draw, *draw) == draw) ++count;
  }
  return count;
}

void judge_draws(const std::vector<Bytes>& draws, Result& result) {
  if (std::ranges::any_of(draws, is_one_octet_repeated)) {
    return find_fault(result, evidence::kRandomStuck, "the random bytes are all the same");
  }
  const std::size_t different = count_different(draws);
  if (different == draws.size()) return;
  find_fault(result, evidence::kRandomRepeats,
             fmt::format("{} requests for {} random bytes returned {} different results",
                         draws.size(), kDrawOctets, different));
}

void run_repeat(Workbench& bench, Result& result) {
  result.expected = "TPM2_GetRandom never returns the same bytes twice";
  std::vector<Bytes> draws;
  for (int i = 0; i < kDraws; ++i) {
    const auto draw = tpm::get_random(bench.session, kDrawOctets);
    if (!draw) return judge(draw.error(), "reading random bytes", result);
    if (draw->empty()) return find_fault(result, {}, "no random bytes were returned");
    draws.push_back(*draw);
  }
  pass(result, fmt::format("{} requests for {} bytes, all different", kDraws, kDrawOctets));
  judge_draws(draws, result);
}

// What a key for AES-256 and its first counter need: more than the digest of a TPM without SHA-384.
constexpr std::uint16_t kManyOctets = 48;

void run_length(Workbench& bench, Result& result) {
  result.expected =
      "TPM2_GetRandom returns as many bytes as requested, or says that it returns fewer";
  const auto draw = tpm::get_random(bench.session, kManyOctets);
  if (!draw) return judge(draw.error(), "reading random bytes", result);
  pass(result, fmt::format("{} of {} bytes were returned at once", draw->size(), kManyOctets));
  if (draw->size() < kManyOctets) add_evidence(result, evidence::kRandomShort);
}

void run_hash(tpm::AlgId hash, Workbench& bench, Result& result) {
  result.expected = "TPM2_Hash returns the same digest as OpenSSL";
  constexpr std::array<std::uint8_t, 3> kMessage{'a', 'b', 'c'};
  const auto answered = tpm::hash(bench.session, hash, kMessage);
  if (!answered) return judge(answered.error(), "computing a digest", result);
  const Bytes right = tpm::digest(hash, kMessage);
  if (answered->size() != right.size()) {
    return find_fault(result, evidence::kHashSize,
                      fmt::format("a digest of {} bytes was returned, {} would be right",
                                  answered->size(), right.size()));
  }
  if (*answered != right) {
    return find_fault(result, evidence::kHashWrong, "the digest differs from OpenSSL's");
  }
  pass(result, "the same digest as OpenSSL's");
}

constexpr int kReadings = 4;

// A clock of milliseconds may well stand still between two commands.
void run_clock(Workbench& bench, Result& result) {
  result.expected = "TPM2_ReadClock never goes backwards";
  tpm::TimeInfo before;
  pass(result, fmt::format("{} readings, none earlier than the one before it", kReadings));
  for (int i = 0; i < kReadings; ++i) {
    const auto now = tpm::read_clock(bench.session);
    if (!now) return judge(now.error(), "reading the clock", result);
    if (now->time_ms < before.time_ms || now->clock_ms < before.clock_ms) {
      return find_fault(result, evidence::kClockBack,
                        fmt::format("the clock went from {} to {} ms, the time from {} to {} ms",
                                    before.clock_ms, now->clock_ms, before.time_ms, now->time_ms));
    }
    before = *now;
  }
}

void run_sessions(Workbench& bench, Result& result) {
  result.expected = "there is room for a session";
  const auto tried = tpm::try_session(bench.session);
  if (!tried) return judge(tried.error(), "starting a session and closing it", result);
  pass(result, "a session was started and closed again");
}

Probe hash_probe(tpm::AlgId hash) {
  const auto& info = *knowledge::find_algorithm(hash);
  Probe made = simple_probe({.family = Family::hash, .hash = std::string(info.name)},
                            fmt::format("{} of the TPM", info.title), "Part 3, 15.4 TPM2_Hash",
                            {cc::kHash}, nullptr);
  made.needs.algorithms = {hash};
  made.run = [hash](Workbench& bench, Result& result) { run_hash(hash, bench, result); };
  return made;
}

}  // namespace

std::vector<Probe> service_probes() {
  std::vector<Probe> probes;
  probes.push_back(simple_probe({Family::rng, "repeat"}, "Random numbers do not repeat",
                                "Part 3, 16.1 TPM2_GetRandom", {cc::kGetRandom}, run_repeat));
  probes.push_back(simple_probe({Family::rng, "length"}, "Random bytes at once",
                                "Part 3, 16.1 TPM2_GetRandom", {cc::kGetRandom}, run_length));
  for (const auto hash : {alg::kSha1, alg::kSha256, alg::kSha384, alg::kSha512}) {
    probes.push_back(hash_probe(hash));
  }
  probes.push_back(simple_probe({Family::clock, "forward"}, "The clock does not go backwards",
                                "Part 3, 29.1 TPM2_ReadClock", {cc::kReadClock}, run_clock));
  Probe sessions = simple_probe({Family::state, "sessions"}, "Room for sessions",
                                "Part 3, 11.1 TPM2_StartAuthSession",
                                {cc::kStartAuthSession, cc::kFlushContext}, run_sessions);
  sessions.effects = static_cast<std::uint16_t>(knowledge::Effect::session);
  probes.push_back(std::move(sessions));
  return probes;
}

}  // namespace tpmprobe::probes
