// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/signing.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<Signature> sign(Session& session, Object& key, const Scheme& scheme, ByteView digest,
                         const Auth& auth) {
  const auto by = authorize(key, auth);
  if (!by) return tl::unexpected(by.error());
  TPM2B_DIGEST in_digest{};
  if (!assign(in_digest, digest)) {
    return fail(Error::Kind::tss, TPM2_CC_Sign, "the digest is longer than a TPM2B_DIGEST");
  }
  const TPMT_SIG_SCHEME in_scheme = to_sig_scheme(scheme);
  const TPMT_TK_HASHCHECK no_ticket{TPM2_ST_HASHCHECK, TPM2_RH_NULL, {}};
  TPMT_SIGNATURE* out = nullptr;
  auto done = session.link()->run(TPM2_CC_Sign, [&](ESYS_CONTEXT* esys) {
    return Esys_Sign(esys, by->object, by->session, by->beside, ESYS_TR_NONE, &in_digest,
                     &in_scheme, &no_ticket, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPMT_SIGNATURE> signature(out);
  return from_signature(*signature);
}

Expected<Bytes> rsa_private_operation(Session& session, Object& key, ByteView padded) {
  auto tr = key.esys_tr();
  if (!tr) return tl::unexpected(tr.error());
  TPM2B_PUBLIC_KEY_RSA cipher_text{};
  if (!assign(cipher_text, padded)) {
    return fail(Error::Kind::tss, TPM2_CC_RSA_Decrypt, "longer than any RSA modulus");
  }
  TPMT_RSA_DECRYPT in_scheme{};
  in_scheme.scheme = TPM2_ALG_NULL;
  const TPM2B_DATA no_label{};
  TPM2B_PUBLIC_KEY_RSA* out = nullptr;
  auto done = session.link()->run(TPM2_CC_RSA_Decrypt, [&](ESYS_CONTEXT* esys) {
    return Esys_RSA_Decrypt(esys, *tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &cipher_text,
                            &in_scheme, &no_label, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_PUBLIC_KEY_RSA> message(out);
  return octets(*message);
}

Expected<Commitment> commit(Session& session, Object& key) {
  auto tr = key.esys_tr();
  if (!tr) return tl::unexpected(tr.error());
  const TPM2B_ECC_POINT no_point{};
  const TPM2B_SENSITIVE_DATA no_s2{};
  const TPM2B_ECC_PARAMETER no_y2{};
  TPM2B_ECC_POINT* k = nullptr;
  TPM2B_ECC_POINT* l = nullptr;
  TPM2B_ECC_POINT* e = nullptr;
  Commitment commitment;
  auto done = session.link()->run(TPM2_CC_Commit, [&](ESYS_CONTEXT* esys) {
    return Esys_Commit(esys, *tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &no_point, &no_s2,
                       &no_y2, &k, &l, &e, &commitment.counter);
  });
  const EsysPtr<TPM2B_ECC_POINT> k_owner(k), l_owner(l), e_owner(e);
  if (!done) return tl::unexpected(done.error());
  commitment.x = octets(e->point.x);
  commitment.y = octets(e->point.y);
  return commitment;
}

Expected<void> test_parms(Session& session, const KeyTemplate& key) {
  const TPMT_PUBLIC_PARMS parms = to_public_parms(key);
  return session.link()->run(TPM2_CC_TestParms, [&](ESYS_CONTEXT* esys) {
    return Esys_TestParms(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &parms);
  });
}

}  // namespace tpmprobe::tpm
