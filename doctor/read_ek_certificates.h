// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "doctor/tpm_facts.h"
#include "tpm/session.h"

namespace tpmprobe::doctor {

/// Reads the EK certificates whose indices are in `facts` (capabilities, hierarchies), each by an
/// empty password whose failure would not count towards lockout; one that has none stays unread.
std::vector<EkCertificateFacts> read_ek_certificates(tpm::Session& session, const TpmFacts& facts);

}  // namespace tpmprobe::doctor
