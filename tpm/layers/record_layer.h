// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/layers/layer.h"
#include "tpm/layers/recorder.h"

namespace tpmprobe::tpm {

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
