// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tss2/tss2_tpm2_types.h>

#include "tpm/commands/objects.h"

namespace tpmprobe::tpm {

/// create_primary with a public area of any form, for the command functions of this room.
Expected<Object> create_primary(Session& session, Hierarchy hierarchy,
                                const TPM2B_PUBLIC& in_public);

}  // namespace tpmprobe::tpm
