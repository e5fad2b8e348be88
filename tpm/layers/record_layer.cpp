// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/record_layer.h"

#include <algorithm>
#include <utility>

namespace tpmprobe::tpm {
namespace {

std::size_t octets_of(const Attempt& attempt) {
  return attempt.command_octets.size() + attempt.response_octets.size();
}

void drop_octets(Attempt& attempt) {
  attempt.command_octets = {};
  attempt.response_octets = {};
}

}  // namespace

void Recorder::add(Attempt attempt) {
  ++totals_.commands;
  totals_.duration += attempt.duration;
  if (!keeps_octets()) drop_octets(attempt);
  octets_ += octets_of(attempt);
  attempts_.push_back(std::move(attempt));
  while (octets_ > limits_.octets) forget_oldest_octets();
  // The last one stays whatever the limit: last() must tell the truth.
  while (attempts_.size() > std::max<std::size_t>(limits_.attempts, 1)) {
    octets_ -= octets_of(attempts_.front());
    attempts_.pop_front();
    first_with_octets_ -= std::min<std::size_t>(first_with_octets_, 1);
  }
}

void Recorder::forget_oldest_octets() {
  Attempt& oldest = attempts_[first_with_octets_++];
  octets_ -= octets_of(oldest);
  drop_octets(oldest);
}

const Attempt* Recorder::last() const {
  return attempts_.empty() ? nullptr : &attempts_.back();
}

Duration Recorder::last_duration() const {
  return attempts_.empty() ? Duration::zero() : attempts_.back().duration;
}

Recorder::Totals Recorder::since(Mark mark) const {
  return {totals_.commands - mark.commands, totals_.duration - mark.duration};
}

std::deque<Attempt> Recorder::attempts_since(Mark mark) const {
  const std::uint64_t kept = std::min<std::uint64_t>(since(mark).commands, attempts_.size());
  return {attempts_.end() - static_cast<std::ptrdiff_t>(kept), attempts_.end()};
}

Expected<void> RecordLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const TimePoint sent = clock_.now();
  auto carried = below().carry(exchange, deadline);
  Attempt attempt;
  attempt.duration = clock_.now() - sent;
  attempt.start = sent - made_;
  const ByteView command = exchange.command();
  attempt.command = exchange.code();
  attempt.command_size = command.size();
  if (recorder_.keeps_octets()) attempt.command_octets.assign(command.begin(), command.end());
  if (carried) {
    attempt.rc = exchange.rc();
    attempt.response_size = exchange.response().size();
    if (recorder_.keeps_octets()) attempt.response_octets = exchange.response();
  } else {
    attempt.error = carried.error().kind;
  }
  recorder_.add(std::move(attempt));
  return carried;
}

}  // namespace tpmprobe::tpm
