// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/names.h"

#include "tpm/commands/public_area.h"
#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {
Expected<PublicForm> read_public_form(Session& session, std::uint32_t handle) {
  TPM2B_PUBLIC* out_public = nullptr;
  TPM2B_NAME* out_name = nullptr;
  auto read = session.link()->run(TPM2_CC_ReadPublic, [&](ESYS_CONTEXT* esys) {
    ESYS_TR tr = ESYS_TR_NONE;
    TSS2_RC rc = Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
    if (rc != TSS2_RC_SUCCESS) return rc;
    rc = Esys_ReadPublic(esys, tr, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out_public, &out_name,
                         nullptr);
    Esys_TR_Close(esys, &tr);
    return rc;
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_PUBLIC> area(out_public);
  const EsysPtr<TPM2B_NAME> name(out_name);
  auto form = template_form(area->publicArea);
  if (form.empty()) {
    return fail(Error::Kind::tss, TPM2_CC_ReadPublic, "the public area cannot be marshalled");
  }
  return PublicForm{octets(*name), std::move(form)};
}

}  // namespace tpmprobe::tpm
