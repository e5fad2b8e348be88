// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "tpm/auth_session.h"
#include "tpm/session.h"

/// Commands of Part 3, 23 "Enhanced Authorization"; `policy` is a policy or a trial session.
namespace tpmprobe::tpm {

/// PCRs of one bank.
struct PcrSelection {
  AlgId bank = 0x000B;
  std::vector<std::uint8_t> pcrs;
};

/// TPM2_PolicyPCR (Part 3, 23.7). Without `digest` the values are those of now; `digest` is the
/// hash of the session over the values. Errors: `tss` if there is no PCR of such a number.
Expected<void> policy_pcr(Session& session, AuthSession& policy, const PcrSelection& selection,
                          ByteView digest = {});

/// TPM2_PolicyAuthValue (Part 3, 23.17): with the auth value of the object, as an HMAC.
Expected<void> policy_auth_value(Session& session, AuthSession& policy);

/// TPM2_PolicyCommandCode (Part 3, 23.11): for this TPM_CC only.
Expected<void> policy_command_code(Session& session, AuthSession& policy, std::uint32_t code);

/// TPM2_PolicyGetDigest (Part 3, 23.19): what an object's authPolicy has to be.
Expected<Bytes> policy_digest(Session& session, AuthSession& policy);

/// TPM2_PolicyRestart (Part 3, 11.2): back to the policy of no condition.
Expected<void> policy_restart(Session& session, AuthSession& policy);

}  // namespace tpmprobe::tpm
