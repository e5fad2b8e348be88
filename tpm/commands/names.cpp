// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/names.h"

#include <array>

#include <tss2/tss2_mu.h>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {
namespace {

Expected<Bytes> form_of(TPMT_PUBLIC area) {
  area.unique = {};
  std::array<std::uint8_t, sizeof(TPMT_PUBLIC)> buffer{};
  std::size_t used = 0;
  const TSS2_RC rc = Tss2_MU_TPMT_PUBLIC_Marshal(&area, buffer.data(), buffer.size(), &used);
  if (rc != TSS2_RC_SUCCESS) {
    return fail(Error::Kind::tss, TPM2_CC_ReadPublic, "the public area cannot be marshalled", rc);
  }
  return Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
}

}  // namespace

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
  return form_of(area->publicArea).map([&](Bytes form) {
    return PublicForm{octets(*name), std::move(form)};
  });
}

}  // namespace tpmprobe::tpm
