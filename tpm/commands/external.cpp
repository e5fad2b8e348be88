// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/external.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"
#include "tpm/esys/own_object.h"

namespace tpmprobe::tpm {
namespace {

// What only a TPM can say of a key that it made itself: TPM2_LoadExternal wants them clear.
constexpr TPMA_OBJECT kMadeInside =
    TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN;

bool is_rsa(const ExternalKey& external) {
  return external.key.type == KeyTemplate::Type::rsa;
}

bool fill(TPM2B_PUBLIC& area, const ExternalKey& external) {
  const PublicKey& key = external.key;
  area = to_public({.type = key.type, .key_bits = key.key_bits, .curve = key.curve, .scheme = {}});
  area.publicArea.objectAttributes &= ~kMadeInside;
  TPMU_PUBLIC_ID& unique = area.publicArea.unique;
  return is_rsa(external) ? assign(unique.rsa, key.modulus)
                          : assign(unique.ecc.x, key.x) && assign(unique.ecc.y, key.y);
}

bool fill(TPM2B_SENSITIVE& area, const ExternalKey& external) {
  TPMT_SENSITIVE& sensitive = area.sensitiveArea;
  sensitive.sensitiveType = is_rsa(external) ? TPM2_ALG_RSA : TPM2_ALG_ECC;
  return is_rsa(external) ? assign(sensitive.sensitive.rsa, external.secret)
                          : assign(sensitive.sensitive.ecc, external.secret);
}

}  // namespace

Expected<Object> load_external(Session& session, const ExternalKey& key) {
  TPM2B_PUBLIC in_public{};
  TPM2B_SENSITIVE in_private{};
  if (!fill(in_public, key) || !fill(in_private, key)) {
    return fail(Error::Kind::tss, TPM2_CC_LoadExternal, "the key is longer than its structure");
  }
  const auto& link = session.link();
  ESYS_TR tr = ESYS_TR_NONE;
  auto loaded = link->run(TPM2_CC_LoadExternal, [&](ESYS_CONTEXT* esys) {
    return Esys_LoadExternal(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &in_private,
                             &in_public, ESYS_TR_RH_NULL, &tr);
  });
  if (!loaded) return tl::unexpected(loaded.error());
  return own_object(link, TPM2_CC_LoadExternal, tr, in_public);
}

}  // namespace tpmprobe::tpm
