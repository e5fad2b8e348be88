// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/layers/layer.h"

namespace tpmprobe::tpm {

/// Lets no Name pass that does not belong to the public area of the same command or answer (Part 1,
/// 16): `malformed` with evidence `key.name`. Encrypted areas and hashes that OpenSSL does not have
/// pass. Stands above the guard, which has to know the handle of an object that is refused here.
class NameLayer final : public Layer {
 public:
  using Layer::Layer;

  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

 private:
  // Nobody above will ever know its handle.
  void flush_what_was_made(const WireExchange& exchange);
};

}  // namespace tpmprobe::tpm
