// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

namespace tpmprobe::tpm {

/// What the helper process says before the octets of a response, in the machine's own octet order.
/// The first one, without octets, is how initialisation went. A command is sent to it as its size
/// (std::uint32_t) and its octets.
struct HelperReply {
  std::uint32_t rc = 0;    ///< TSS2_RC of the TCTI
  std::uint32_t size = 0;  ///< octets that follow
};

/// The helper process's whole life: loads the TCTI for `configuration`, answers commands on
/// `socket` until that is closed, finalizes the TCTI. What the TCTI and its libraries print goes
/// nowhere, unless the user asked for it with TSS2_LOG. The value is the exit status.
int run_tctildr_helper(int socket, const std::string& configuration);

}  // namespace tpmprobe::tpm
