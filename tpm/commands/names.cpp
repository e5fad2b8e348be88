// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/names.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<Bytes> read_name(Session& session, std::uint32_t handle) {
  ESYS_TR object = ESYS_TR_NONE;
  auto read = session.link()->run(TPM2_CC_ReadPublic, [&](ESYS_CONTEXT* esys) {
    return Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &object);
  });
  if (!read) return tl::unexpected(read.error());
  TPM2B_NAME* name = nullptr;
  auto told = session.link()->run(TPM2_CC_ReadPublic, [&](ESYS_CONTEXT* esys) {
    const TSS2_RC rc = Esys_TR_GetName(esys, object, &name);
    Esys_TR_Close(esys, &object);
    return rc;
  });
  if (!told) return tl::unexpected(told.error());
  const EsysPtr<TPM2B_NAME> owned(name);
  return Bytes(name->name, name->name + name->size);
}

}  // namespace tpmprobe::tpm
