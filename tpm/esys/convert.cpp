// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/esys/convert.h"

#include <utility>

#include "tpm/esys/link.h"
#include "tpm/leftovers.h"

namespace tpmprobe::tpm {

Expected<Object> own_object(const std::shared_ptr<EsysLink>& link, std::uint32_t command,
                            ESYS_TR tr, const TPM2B_PUBLIC& area) {
  TPM2_HANDLE handle = 0;
  std::uint8_t* serialized = nullptr;
  std::size_t size = 0;
  auto read = link->run(command, [&](ESYS_CONTEXT* esys) {
    const TSS2_RC rc = Esys_TR_GetTpmHandle(esys, tr, &handle);
    return rc == TSS2_RC_SUCCESS ? Esys_TR_Serialize(esys, tr, &serialized, &size) : rc;
  });
  const EsysPtr<std::uint8_t> serialized_owner(serialized);
  if (!read) return tl::unexpected(read.error());
  Object object(link, tr, handle, Bytes(serialized, serialized + size));
  auto key = from_public(area);
  if (!key) return tl::unexpected(key.error());
  object.set_key(std::move(*key));
  return object;
}

namespace {

constexpr std::uint32_t kDefaultExponent = 65537;  // what 0 stands for, Part 2, 12.2.3.5

TPMA_OBJECT attributes(const KeyTemplate& key) {
  const TPMA_OBJECT always = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_NODA |
                             (key.user_with_auth ? TPMA_OBJECT_USERWITHAUTH : 0);
  const TPMA_OBJECT made_inside = always | TPMA_OBJECT_SENSITIVEDATAORIGIN;
  switch (key.use) {
    case KeyUse::storage:
      return made_inside | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
    case KeyUse::sign:
      return made_inside | TPMA_OBJECT_SIGN_ENCRYPT;
    case KeyUse::sign_decrypt:
      return made_inside | TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_DECRYPT;
    case KeyUse::seal:
      return always;
  }
  return always;
}

// What protects the children of a parent; TPM_ALG_NULL for everything else.
TPMT_SYM_DEF_OBJECT symmetric(KeyUse use) {
  TPMT_SYM_DEF_OBJECT symmetric{};
  symmetric.algorithm = TPM2_ALG_NULL;
  if (use == KeyUse::storage) {
    symmetric.algorithm = TPM2_ALG_AES;
    symmetric.keyBits.aes = 128;
    symmetric.mode.aes = TPM2_ALG_CFB;
  }
  return symmetric;
}

// The hash of every scheme sits at the same place; only ECDAA has more.
template <typename Details>
void set_details(Details& details, const Scheme& scheme) {
  if (scheme.algorithm == TPM2_ALG_ECDAA) {
    details.ecdaa.hashAlg = scheme.hash;
    details.ecdaa.count = scheme.count;
  } else if (scheme.algorithm != TPM2_ALG_NULL) {
    details.ecdsa.hashAlg = scheme.hash;
  }
}

TPMU_PUBLIC_PARMS parameters(const KeyTemplate& key) {
  TPMU_PUBLIC_PARMS parameters{};
  if (key.type == KeyTemplate::Type::rsa) {
    auto& rsa = parameters.rsaDetail;
    rsa.symmetric = symmetric(key.use);
    rsa.scheme.scheme = key.scheme.algorithm;
    if (key.scheme.algorithm != TPM2_ALG_NULL) {
      rsa.scheme.details.rsassa.hashAlg = key.scheme.hash;
    }
    rsa.keyBits = key.key_bits;
  } else if (key.type == KeyTemplate::Type::keyed_hash) {
    parameters.keyedHashDetail.scheme.scheme = key.scheme.algorithm;
    parameters.keyedHashDetail.scheme.details.hmac.hashAlg = key.scheme.hash;
  } else {
    auto& ecc = parameters.eccDetail;
    ecc.symmetric = symmetric(key.use);
    ecc.scheme.scheme = key.scheme.algorithm;
    set_details(ecc.scheme.details, key.scheme);
    ecc.curveID = key.curve;
    ecc.kdf.scheme = TPM2_ALG_NULL;
  }
  return parameters;
}

TPMI_ALG_PUBLIC type(const KeyTemplate& key) {
  if (key.type == KeyTemplate::Type::keyed_hash) return TPM2_ALG_KEYEDHASH;
  return key.type == KeyTemplate::Type::rsa ? TPM2_ALG_RSA : TPM2_ALG_ECC;
}

}  // namespace

TPM2B_PUBLIC to_public(const KeyTemplate& key) {
  TPM2B_PUBLIC area{};
  area.publicArea.type = type(key);
  area.publicArea.nameAlg = TPM2_ALG_SHA256;
  area.publicArea.objectAttributes = attributes(key);
  assign(area.publicArea.authPolicy, key.policy.empty() ? ByteView(kMarker) : key.policy);
  area.publicArea.parameters = parameters(key);
  return area;
}

TPMT_PUBLIC_PARMS to_public_parms(const KeyTemplate& key) {
  TPMT_PUBLIC_PARMS parms{};
  parms.type = type(key);
  parms.parameters = parameters(key);
  return parms;
}

TPMT_SIG_SCHEME to_sig_scheme(const Scheme& scheme) {
  TPMT_SIG_SCHEME to{};
  to.scheme = scheme.algorithm;
  set_details(to.details, scheme);
  return to;
}

Expected<PublicKey> from_public(const TPM2B_PUBLIC& area) {
  PublicKey key;
  const TPMT_PUBLIC& from = area.publicArea;
  if (from.type == TPM2_ALG_RSA) {
    const auto& rsa = from.parameters.rsaDetail;
    key.type = KeyTemplate::Type::rsa;
    key.key_bits = rsa.keyBits;
    key.exponent = rsa.exponent == 0 ? kDefaultExponent : rsa.exponent;
    key.modulus = octets(from.unique.rsa);
    return key;
  }
  if (from.type == TPM2_ALG_ECC) {
    key.type = KeyTemplate::Type::ecc;
    key.curve = from.parameters.eccDetail.curveID;
    key.x = octets(from.unique.ecc.x);
    key.y = octets(from.unique.ecc.y);
    return key;
  }
  if (from.type == TPM2_ALG_KEYEDHASH) {
    key.type = KeyTemplate::Type::keyed_hash;
    return key;
  }
  return fail(Error::Kind::malformed, 0,
              "the public area has a different type from the requested one");
}

Expected<Signature> from_signature(const TPMT_SIGNATURE& signature) {
  Signature to;
  to.algorithm = signature.sigAlg;
  switch (signature.sigAlg) {
    case TPM2_ALG_RSASSA:
    case TPM2_ALG_RSAPSS:
      to.hash = signature.signature.rsassa.hash;
      to.rsa = octets(signature.signature.rsassa.sig);
      return to;
    case TPM2_ALG_ECDSA:
    case TPM2_ALG_ECDAA:
    case TPM2_ALG_SM2:
    case TPM2_ALG_ECSCHNORR:
      to.hash = signature.signature.ecdsa.hash;
      to.r = octets(signature.signature.ecdsa.signatureR);
      to.s = octets(signature.signature.ecdsa.signatureS);
      return to;
    default:
      return fail(Error::Kind::malformed, TPM2_CC_Sign, "the signature has an unknown scheme");
  }
}

}  // namespace tpmprobe::tpm
