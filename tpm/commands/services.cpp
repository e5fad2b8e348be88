// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/services.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<Bytes> get_random(Session& session, std::uint16_t octets) {
  TPM2B_DIGEST* out = nullptr;
  auto done = session.link()->run(TPM2_CC_GetRandom, [&](ESYS_CONTEXT* esys) {
    return Esys_GetRandom(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, octets, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_DIGEST> random(out);
  return tpm::octets(*random);
}

Expected<Bytes> hash(Session& session, AlgId algorithm, ByteView data) {
  TPM2B_MAX_BUFFER in_data{};
  if (!assign(in_data, data)) {
    return fail(Error::Kind::tss, TPM2_CC_Hash, "the data are longer than a TPM2B_MAX_BUFFER");
  }
  TPM2B_DIGEST* out = nullptr;
  auto done = session.link()->run(TPM2_CC_Hash, [&](ESYS_CONTEXT* esys) {
    return Esys_Hash(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &in_data, algorithm,
                     ESYS_TR_RH_NULL, &out, nullptr);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_DIGEST> digest(out);
  return octets(*digest);
}

}  // namespace tpmprobe::tpm
