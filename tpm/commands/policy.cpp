// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/policy.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {
namespace {

constexpr ESYS_TR kNone = ESYS_TR_NONE;

/// One command on a policy session: `call(ESYS_CONTEXT*, ESYS_TR of the session)`.
template <typename Call>
Expected<void> run(Session& session, AuthSession& policy, std::uint32_t command, Call&& call) {
  return policy.esys_tr().and_then([&](std::uint32_t tr) {
    return session.link()->run(command, [&](ESYS_CONTEXT* esys) { return call(esys, tr); });
  });
}

}  // namespace

Expected<void> policy_pcr(Session& session, AuthSession& policy, const PcrSelection& selection,
                          ByteView digest) {
  TPM2B_DIGEST values{};
  TPML_PCR_SELECTION pcrs{.count = 1, .pcrSelections = {}};
  TPMS_PCR_SELECTION& bank = pcrs.pcrSelections[0];
  bank.hash = selection.bank;
  bank.sizeofSelect = 3;  // TPM_PT_PCR_SELECT_MIN of every TPM for PCs
  bool fits = assign(values, digest);
  for (const std::uint8_t pcr : selection.pcrs) {
    fits = fits && pcr < bank.sizeofSelect * 8;
    if (fits) bank.pcrSelect[pcr / 8] |= static_cast<BYTE>(1U << pcr % 8);
  }
  if (!fits) return fail(Error::Kind::tss, TPM2_CC_PolicyPCR, "no PCR has such a number or value");
  return run(session, policy, TPM2_CC_PolicyPCR, [&](ESYS_CONTEXT* esys, ESYS_TR tr) {
    return Esys_PolicyPCR(esys, tr, kNone, kNone, kNone, &values, &pcrs);
  });
}

Expected<void> policy_auth_value(Session& session, AuthSession& policy) {
  return run(session, policy, TPM2_CC_PolicyAuthValue, [](ESYS_CONTEXT* esys, ESYS_TR tr) {
    return Esys_PolicyAuthValue(esys, tr, kNone, kNone, kNone);
  });
}

Expected<void> policy_command_code(Session& session, AuthSession& policy, std::uint32_t code) {
  return run(session, policy, TPM2_CC_PolicyCommandCode, [&](ESYS_CONTEXT* esys, ESYS_TR tr) {
    return Esys_PolicyCommandCode(esys, tr, kNone, kNone, kNone, code);
  });
}

Expected<Bytes> policy_digest(Session& session, AuthSession& policy) {
  TPM2B_DIGEST* out = nullptr;
  auto done = run(session, policy, TPM2_CC_PolicyGetDigest, [&](ESYS_CONTEXT* esys, ESYS_TR tr) {
    return Esys_PolicyGetDigest(esys, tr, kNone, kNone, kNone, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_DIGEST> digest(out);
  return octets(*digest);
}

Expected<void> policy_restart(Session& session, AuthSession& policy) {
  return run(session, policy, TPM2_CC_PolicyRestart, [](ESYS_CONTEXT* esys, ESYS_TR tr) {
    return Esys_PolicyRestart(esys, tr, kNone, kNone, kNone);
  });
}

}  // namespace tpmprobe::tpm
