// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/firmware_profile/profile.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// The RSA and AES key sizes of the profile that `engine` refuses in TPM2_TestParms: "rsa4096",
/// "aes192". Errors: those of the transport.
Expected<std::vector<std::string>> missing_key_sizes(tpm::Transport& engine,
                                                     const knowledge::FirmwareProfile& profile);

}  // namespace tpmprobe::emulator
