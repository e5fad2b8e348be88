// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/error.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

/// Whether the response can be the answer to the command at all: header, tag, size, number and kind
/// of handles, number of sessions, the shape of each parameter to the last octet (TPM 2.0 Part 1,
/// 18, and Part 3), and the few contents that would mislead in silence. A response with an error
/// code passes. Of a command that the table does not have only the header is judged. Fails with
/// `Error::Kind::malformed`, the code if there is one, and what is wrong. An echo of the command
/// (the driver gave back a buffer that nobody wrote to) and a TPM 1.2 are named as such.
Expected<void> check_response(const WireExchange& exchange);

}  // namespace tpmprobe::tpm
