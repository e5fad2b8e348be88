// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <utility>

#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

/// A transport on top of another one, which it owns.
class Layer : public Transport {
 public:
  explicit Layer(TransportPtr below) : below_(std::move(below)) {}

 protected:
  Transport& below() { return *below_; }

 private:
  TransportPtr below_;
};

}  // namespace tpmprobe::tpm
