// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/tss_log.h"

#include <cstdlib>

namespace tpmprobe::tpm {

bool user_wants_tss_log() {
  static const bool kWanted = std::getenv("TSS2_LOG") != nullptr;
  if (!kWanted) setenv("TSS2_LOG", "all+NONE", /*overwrite=*/1);
  return kWanted;
}

}  // namespace tpmprobe::tpm
