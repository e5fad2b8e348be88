// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

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

}  // namespace tpmprobe::tpm
