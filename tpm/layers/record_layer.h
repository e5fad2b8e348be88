// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "tpm/bytes.h"
#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::tpm {

/// One command as it went over the wire, and what came of it.
struct Attempt {
  std::uint32_t command = 0;         ///< TPM_CC, 0 if the command is too short to have one
  std::uint32_t rc = 0;              ///< TPM_RC of the response
  std::optional<Error::Kind> error;  ///< why there is no response; `rc` then means nothing
  std::size_t command_size = 0;      ///< octets
  std::size_t response_size = 0;     ///< octets, 0 if there is none
  Duration start{0};                 ///< since the record layer was made
  Duration duration{0};              ///< from the first octet sent to the last one received
  Bytes command_octets;              ///< empty unless the recorder keeps octets
  Bytes response_octets;             ///< as `command_octets`
};

/// How much a recorder keeps. Counters and sums go on whatever is dropped.
struct RecorderLimits {
  std::size_t attempts = 65536;  ///< about 10 MB; the oldest go first
  std::size_t octets = 0;        ///< of commands and responses together; 0: none are kept
};

/// What passed a record layer, for timings, traces and the question what the TPM really answered.
/// Outlives the layers that write to it. One thread at a time.
class Recorder {
 public:
  /// A moment between two attempts.
  struct Mark {
    std::uint64_t commands = 0;
    Duration duration{0};
  };

  /// What happened between two moments.
  struct Totals {
    std::uint64_t commands = 0;  ///< attempts on the wire, each retry counted
    Duration duration{0};        ///< sum over the attempts: the time that the TPM took
  };

  explicit Recorder(RecorderLimits limits = {}) : limits_(limits) {}

  /// Adds an attempt; its octets may be filled in always, and are dropped here if not wanted.
  void add(Attempt attempt);

  /// Whether `add` would keep octets at all, so that nobody copies them for nothing.
  [[nodiscard]] bool keeps_octets() const { return limits_.octets > 0; }

  /// Attempts in the order of time, the last `limits.attempts` of them.
  [[nodiscard]] const std::deque<Attempt>& attempts() const { return attempts_; }
  /// The most recent attempt, null before the first.
  [[nodiscard]] const Attempt* last() const;
  /// Time of the most recent attempt, 0 before the first.
  [[nodiscard]] Duration last_duration() const;

  [[nodiscard]] Mark mark() const { return {totals_.commands, totals_.duration}; }
  [[nodiscard]] Totals since(Mark mark) const;
  /// The attempts after `mark` that are still kept, in the order of time.
  [[nodiscard]] std::deque<Attempt> attempts_since(Mark mark) const;

 private:
  void forget_oldest_octets();

  RecorderLimits limits_;
  std::deque<Attempt> attempts_;
  Totals totals_;
  std::size_t octets_ = 0;             // kept now
  std::size_t first_with_octets_ = 0;  // index into attempts_
};

/// Tells a recorder of every attempt that passes, and changes nothing. Sits below check and retry,
/// so that each submission counts and a malformed answer is still seen as it came.
class RecordLayer final : public Layer {
 public:
  /// `recorder` and `clock` outlive this layer.
  RecordLayer(TransportPtr below, Recorder& recorder, Clock& clock)
      : Layer(std::move(below)), recorder_(recorder), clock_(clock), made_(clock.now()) {}

  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

 private:
  Recorder& recorder_;
  Clock& clock_;
  TimePoint made_;
};

}  // namespace tpmprobe::tpm
