// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/objects.h"

#include <array>
#include <utility>

#include <tss2/tss2_mu.h>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"
#include "tpm/esys/own_object.h"

namespace tpmprobe::tpm {
namespace {

constexpr TPM2B_SENSITIVE_CREATE kNoSensitive{};
constexpr TPM2B_DATA kNoOutsideInfo{};
constexpr TPML_PCR_SELECTION kNoPcrs{};

template <typename Structure, typename Marshal>
Bytes wire_form(const Structure& value, Marshal marshal) {
  std::array<std::uint8_t, sizeof(Structure)> buffer{};
  std::size_t used = 0;
  if (marshal(&value, buffer.data(), buffer.size(), &used) != TSS2_RC_SUCCESS) return {};
  return Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
}

}  // namespace

Expected<Object> create_primary(Session& session, Hierarchy hierarchy, const KeyTemplate& key) {
  const auto& link = session.link();
  const TPM2B_PUBLIC in_public = to_public(key);
  const ESYS_TR parent = hierarchy == Hierarchy::owner ? ESYS_TR_RH_OWNER : ESYS_TR_RH_NULL;
  ESYS_TR tr = ESYS_TR_NONE;
  TPM2B_PUBLIC* out_public = nullptr;
  auto made = link->run(TPM2_CC_CreatePrimary, [&](ESYS_CONTEXT* esys) {
    return Esys_CreatePrimary(esys, parent, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                              &kNoSensitive, &in_public, &kNoOutsideInfo, &kNoPcrs, &tr,
                              &out_public, nullptr, nullptr, nullptr);
  });
  if (!made) return tl::unexpected(made.error());
  const EsysPtr<TPM2B_PUBLIC> area(out_public);
  return own_object(link, TPM2_CC_CreatePrimary, tr, *area);
}

Expected<KeyBlob> create(Session& session, Object& parent, const KeyTemplate& key) {
  auto parent_tr = parent.esys_tr();
  if (!parent_tr) return tl::unexpected(parent_tr.error());
  const TPM2B_PUBLIC in_public = to_public(key);
  TPM2B_PRIVATE* out_private = nullptr;
  TPM2B_PUBLIC* out_public = nullptr;
  auto made = session.link()->run(TPM2_CC_Create, [&](ESYS_CONTEXT* esys) {
    return Esys_Create(esys, *parent_tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                       &kNoSensitive, &in_public, &kNoOutsideInfo, &kNoPcrs, &out_private,
                       &out_public, nullptr, nullptr, nullptr);
  });
  if (!made) return tl::unexpected(made.error());
  const EsysPtr<TPM2B_PRIVATE> private_area(out_private);
  const EsysPtr<TPM2B_PUBLIC> public_area(out_public);
  return from_public(*public_area).map([&](PublicKey parsed) {
    return KeyBlob{wire_form(*private_area, Tss2_MU_TPM2B_PRIVATE_Marshal),
                   wire_form(*public_area, Tss2_MU_TPM2B_PUBLIC_Marshal), std::move(parsed)};
  });
}

Expected<Object> load(Session& session, Object& parent, const KeyBlob& blob) {
  auto parent_tr = parent.esys_tr();
  if (!parent_tr) return tl::unexpected(parent_tr.error());
  TPM2B_PRIVATE in_private{};
  TPM2B_PUBLIC in_public{};
  std::size_t offset = 0;
  TSS2_RC rc = Tss2_MU_TPM2B_PRIVATE_Unmarshal(blob.private_area.data(), blob.private_area.size(),
                                               &offset, &in_private);
  offset = 0;
  if (rc == TSS2_RC_SUCCESS) {
    rc = Tss2_MU_TPM2B_PUBLIC_Unmarshal(blob.public_area.data(), blob.public_area.size(), &offset,
                                        &in_public);
  }
  if (rc != TSS2_RC_SUCCESS) {
    return fail(Error::Kind::malformed, TPM2_CC_Load, "the created key cannot be read back", rc);
  }
  ESYS_TR tr = ESYS_TR_NONE;
  auto loaded = session.link()->run(TPM2_CC_Load, [&](ESYS_CONTEXT* esys) {
    return Esys_Load(esys, *parent_tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &in_private,
                     &in_public, &tr);
  });
  if (!loaded) return tl::unexpected(loaded.error());
  return own_object(session.link(), TPM2_CC_Load, tr, in_public);
}

Expected<Object> create_loaded(Session& session, Object& parent, const KeyTemplate& key) {
  auto parent_tr = parent.esys_tr();
  if (!parent_tr) return tl::unexpected(parent_tr.error());
  const TPM2B_PUBLIC in_public = to_public(key);
  TPM2B_TEMPLATE in_template{};
  if (!assign(in_template, wire_form(in_public.publicArea, Tss2_MU_TPMT_PUBLIC_Marshal))) {
    return fail(Error::Kind::tss, TPM2_CC_CreateLoaded, "the template is too long");
  }
  ESYS_TR tr = ESYS_TR_NONE;
  TPM2B_PUBLIC* out_public = nullptr;
  auto made = session.link()->run(TPM2_CC_CreateLoaded, [&](ESYS_CONTEXT* esys) {
    return Esys_CreateLoaded(esys, *parent_tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                             &kNoSensitive, &in_template, &tr, nullptr, &out_public);
  });
  if (!made) return tl::unexpected(made.error());
  const EsysPtr<TPM2B_PUBLIC> area(out_public);
  return own_object(session.link(), TPM2_CC_CreateLoaded, tr, *area);
}

Expected<ForeignObject> read_public(Session& session, std::uint32_t handle) {
  ESYS_TR tr = ESYS_TR_NONE;
  TPM2B_PUBLIC* out_public = nullptr;
  auto read = session.link()->run(TPM2_CC_ReadPublic, [&](ESYS_CONTEXT* esys) {
    TSS2_RC rc = Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
    if (rc == TSS2_RC_SUCCESS) {
      rc = Esys_ReadPublic(esys, tr, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out_public, nullptr,
                           nullptr);
    }
    return rc;
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_PUBLIC> area(out_public);
  return ForeignObject{handle, octets(area->publicArea.authPolicy)};
}

Expected<void> flush_foreign(Session& session, std::uint32_t handle) {
  return session.link()->run(TPM2_CC_FlushContext, [&](ESYS_CONTEXT* esys) {
    ESYS_TR tr = ESYS_TR_NONE;
    const TSS2_RC rc =
        Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
    return rc == TSS2_RC_SUCCESS ? Esys_FlushContext(esys, tr) : rc;
  });
}

}  // namespace tpmprobe::tpm
