// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "tpm/bytes.h"

namespace tpmprobe::emulator {

/// What the control channel can do to the TPM.
struct ControlActions {
  std::function<bool(std::uint8_t)> set_locality;  ///< false: the TPM has no such locality
  std::function<void()> cancel;                    ///< the command that is under way
};

/// The answer to one request.
struct ControlAnswer {
  Bytes octets;
  bool last = false;  ///< the end of the request cannot be found, so nothing can follow it
};

/// Executes the first whole request of the control channel in `input` and takes it from there;
/// nullopt if more octets are needed. The protocol is swtpm's (its man page swtpm_ioctls(3)): four
/// octets of command, big-endian, then what belongs to it; an answer starts with a tpm_result.
/// CMD_GET_CAPABILITY, CMD_SET_LOCALITY and CMD_CANCEL_TPM_CMD are served, everything else is
/// TPM_BAD_ORDINAL.
std::optional<ControlAnswer> serve_control(Bytes& input, const ControlActions& actions);

}  // namespace tpmprobe::emulator
