// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>

#include "tpm/layers/layer.h"

namespace tpmprobe::emulator {

/// Writes a line for every exchange that passes: UTC time of the command, its name, its handles,
/// its octets, then the response code and octets (or why there is none), and the milliseconds.
///
///     2026-11-24T02:40:01.123456Z TPM2_ReadPublic 0x81000001 14 -> 0x00000000 154 0.031 ms
class TraceLayer final : public tpm::Layer {
 public:
  using Sink = std::function<void(const std::string& line)>;

  /// `clock` outlives the layer; `sink` gets the lines without their ends.
  TraceLayer(tpm::TransportPtr below, const tpm::Clock& clock, Sink sink)
      : Layer(std::move(below)), clock_(clock), sink_(std::move(sink)) {}

  Expected<void> carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) override;

 private:
  const tpm::Clock& clock_;
  Sink sink_;
};

}  // namespace tpmprobe::emulator
