// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include <tss2/tss2_esys.h>

#include "tpm/esys/tcti_adapter.h"

namespace tpmprobe::tpm {

/// What Esys_* hands out and wants back through Esys_Free.
struct EsysFree {
  void operator()(void* memory) const { Esys_Free(memory); }
};
template <typename T>
using EsysPtr = std::unique_ptr<T, EsysFree>;

/// One ESYS context on top of one transport stack, shared by a session and its objects. A failure
/// below ESYS leaves its context unusable (every later call answers 0x70007, bad sequence); the
/// next call then starts with a new context, and objects find their way back by `generation`.
class EsysLink {
 public:
  /// Sends nothing. Fails if ESYS cannot be set up at all (out of memory).
  static Expected<std::shared_ptr<EsysLink>> open(TransportPtr stack);

  explicit EsysLink(TransportPtr stack) : adapter_(std::move(stack)) {}
  EsysLink(const EsysLink&) = delete;
  EsysLink& operator=(const EsysLink&) = delete;
  ~EsysLink();

  /// Calls `call(ESYS_CONTEXT*)`, which runs the TPM command `command`, and turns its TSS2_RC into
  /// an Error that says what really happened on the way.
  template <typename Call>
  Expected<void> run(std::uint32_t command, Call&& call) {
    if (auto usable = ready(); !usable) return usable;
    return judge(command, call(context_));
  }

  /// Makes sure that there is a usable context; a new one after a failure below ESYS.
  Expected<void> ready();

  /// Grows by one with every new context; an ESYS_TR is good for one generation only.
  [[nodiscard]] unsigned generation() const { return generation_; }

 private:
  Expected<void> judge(std::uint32_t command, TSS2_RC rc);

  TctiAdapter adapter_;
  ESYS_CONTEXT* context_ = nullptr;
  unsigned generation_ = 0;
};

}  // namespace tpmprobe::tpm
