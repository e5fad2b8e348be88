// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "tpm/error.h"

namespace tpmprobe::tpm {

/// Error for a system call that failed with `number` (an errno value) while doing `what`, a clause
/// such as "cannot open /dev/tpmrm0". EACCES and EPERM are no_access, everything else is io.
tl::unexpected<Error> os_failure(std::string_view what, int number, std::uint32_t command = 0);

/// What errno value `number` means, as strerror(3) says it.
std::string os_error_text(int number);

}  // namespace tpmprobe::tpm
