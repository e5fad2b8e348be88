// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>

#include "tpm/layers/guard.h"
#include "tpm/layers/record_layer.h"

namespace tpmprobe::tpm {

/// The layers of a run, in their order, on top of a way to the TPM:
/// record, check, retry, guard, names. (A quirk layer, for emulation, is part of `base`.)
struct Stack {
  TransportPtr top;
  Guard* guard = nullptr;  ///< owned by `top`
};

/// `recorder`, `clock` and `interrupted` outlive the stack.
Stack make_stack(TransportPtr base, Recorder& recorder, Clock& clock, GuardPolicy policy,
                 const std::atomic<bool>* interrupted);

}  // namespace tpmprobe::tpm
