// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace tpmprobe::tpm {

/// tss2 logs every TPM error to stderr; ours reach the person as results. Sets TSS2_LOG in this
/// process's environment to silence, unless the user has set it; the value is whether the user has,
/// and so wants to see what tss2 and its TCTIs write. May be called often.
bool user_wants_tss_log();

}  // namespace tpmprobe::tpm
