// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/latency_layer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "knowledge/refusals.h"

namespace tpmprobe::emulator {
namespace {

using knowledge::OperationTime;
using knowledge::ValueRefusal;

/// How well one criterion of a row fits the fields of a command.
enum class Fit { excluded, unsaid, said };

/// `is_meant` picks the fields that the criterion is about.
template <typename IsMeant>
Fit fit(const std::optional<std::uint16_t>& wanted, const tpm::WireExchange& command,
        IsMeant&& is_meant) {
  if (!wanted) return Fit::unsaid;
  Fit result = Fit::unsaid;
  for (const auto& field : command.asked().fields) {
    const auto* kind = knowledge::find_value_refusal(field.type);
    if (kind == nullptr || !is_meant(*kind)) continue;
    if (field.value == *wanted) return Fit::said;
    result = Fit::excluded;
  }
  return result;
}

/// How much a row says of this command, from 0; -1 if it is about another one.
int score(const OperationTime& row, const tpm::WireExchange& command) {
  using knowledge::Offer;
  const std::array fits = {
      fit(row.type, command,
          [](const ValueRefusal& kind) { return kind.type == "TPMI_ALG_PUBLIC"; }),
      fit(row.size, command,
          [](const ValueRefusal& kind) {
            return kind.offer == Offer::rsa_bits || kind.offer == Offer::aes_bits;
          }),
      fit(row.curve, command, [](const ValueRefusal& kind) { return kind.offer == Offer::curves; }),
      fit(row.scheme, command, [](const ValueRefusal& kind) { return kind.scheme; }),
      fit(row.hash, command,
          [](const ValueRefusal& kind) { return kind.type == "TPMI_ALG_HASH"; })};
  if (std::ranges::find(fits, Fit::excluded) != fits.end()) return -1;
  return static_cast<int>(std::ranges::count(fits, Fit::said));
}

}  // namespace

LatencyLayer::LatencyLayer(tpm::TransportPtr below, std::vector<OperationTime> times,
                           tpm::Clock& clock)
    : Layer(std::move(below)), times_(std::move(times)), clock_(clock) {}

Expected<void> LatencyLayer::carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
  const tpm::Duration duration = duration_of(exchange);
  const tpm::TimePoint start = clock_.now();
  if (deadline - start < duration) {
    clock_.sleep_until(deadline);
    return fail(Error::Kind::timeout, exchange.code(), "no response before the deadline");
  }
  auto carried = below().carry(exchange, deadline);
  // A TPM refuses at once: the time was measured on what it did.
  if (carried && exchange.rc() == 0) clock_.sleep_until(start + duration);
  return carried;
}

tpm::Duration LatencyLayer::duration_of(const tpm::WireExchange& exchange) const {
  const OperationTime* best = nullptr;
  int best_score = -1;
  for (const OperationTime& row : times_) {
    if (row.command != exchange.code()) continue;
    const int its_score = score(row, exchange);
    if (its_score <= best_score) continue;
    best = &row;
    best_score = its_score;
  }
  if (best == nullptr) return {};
  return std::chrono::duration_cast<tpm::Duration>(
      std::chrono::duration<double, std::milli>(best->average_ms));
}

}  // namespace tpmprobe::emulator
