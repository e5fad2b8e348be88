// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <optional>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_tcti.h>

#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

/// A TCTI (TSS 2.0 TPM Command Transmission Interface, version 2) in front of our transport stack.
/// The whole exchange happens in `transmit`; `receive` hands out what came. What the stack reports
/// as an Error becomes a TCTI return code, and the Error itself stays here for whoever asks: ESYS
/// would throw it away, and would submit RETRY, YIELDED and TESTING five times more.
class TctiAdapter {
 public:
  explicit TctiAdapter(TransportPtr stack);

  /// For Esys_Initialize; valid as long as this object stays where it is.
  TSS2_TCTI_CONTEXT* context() { return reinterpret_cast<TSS2_TCTI_CONTEXT*>(&tcti_); }

  /// What the stack said about the last exchange, if it was not a response; empties it.
  std::optional<Error> take_error();

 private:
  // The C interface knows one pointer: the common header must come first.
  struct Tcti {
    TSS2_TCTI_CONTEXT_COMMON_V2 common;
    TctiAdapter* self;
  };

  static TSS2_RC transmit(TSS2_TCTI_CONTEXT* context, std::size_t size,
                          const std::uint8_t* command);
  static TSS2_RC receive(TSS2_TCTI_CONTEXT* context, std::size_t* size, std::uint8_t* response,
                         std::int32_t timeout);

  TransportPtr stack_;
  Tcti tcti_;
  Bytes response_;
  std::optional<Error> error_;
};

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

/// tss2 logs every TPM error to stderr; ours reach the person as results. Sets TSS2_LOG in this
/// process's environment to silence, unless the user has set it; the value is whether the user has,
/// and so wants to see what tss2 and its TCTIs write. May be called often.
bool user_wants_tss_log();

}  // namespace tpmprobe::tpm
