// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/objects.h"

#include <algorithm>
#include <utility>

#include <tss2/tss2_mu.h>

#include "tpm/commands/public_area.h"
#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"
#include "tpm/leftovers.h"

namespace tpmprobe::tpm {
namespace {

constexpr TPM2B_SENSITIVE_CREATE kNoSensitive{};
constexpr TPM2B_DATA kNoOutsideInfo{};
constexpr TPML_PCR_SELECTION kNoPcrs{};

/// An object outside the TPM.
struct Child {
  TPM2B_PRIVATE private_area{};
  TPM2B_PUBLIC public_area{};
};

Expected<Child> read_child(ByteView private_area, ByteView public_area) {
  Child child;
  std::size_t offset = 0;
  TSS2_RC rc = Tss2_MU_TPM2B_PRIVATE_Unmarshal(private_area.data(), private_area.size(), &offset,
                                               &child.private_area);
  offset = 0;
  if (rc == TSS2_RC_SUCCESS) {
    rc = Tss2_MU_TPM2B_PUBLIC_Unmarshal(public_area.data(), public_area.size(), &offset,
                                        &child.public_area);
  }
  if (rc == TSS2_RC_SUCCESS) return child;
  return fail(Error::Kind::malformed, TPM2_CC_Load, "the object to load cannot be read", rc);
}

Expected<ESYS_TR> load_child(Session& session, Object& parent, const Child& child) {
  auto parent_tr = parent.esys_tr();
  if (!parent_tr) return tl::unexpected(parent_tr.error());
  ESYS_TR tr = ESYS_TR_NONE;
  auto loaded = session.link()->run(TPM2_CC_Load, [&](ESYS_CONTEXT* esys) {
    return Esys_Load(esys, *parent_tr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                     &child.private_area, &child.public_area, &tr);
  });
  if (!loaded) return tl::unexpected(loaded.error());
  return tr;
}

}  // namespace

Expected<Object> create_primary(Session& session, Hierarchy hierarchy, const KeyTemplate& key) {
  if (!key.policy.empty())
    return fail(Error::Kind::tss, TPM2_CC_CreatePrimary, "a primary with a policy has no marker");
  return create_primary(session, hierarchy, to_public(key));
}

Expected<Object> create_primary(Session& session, Hierarchy hierarchy,
                                const TPM2B_PUBLIC& in_public) {
  const auto& link = session.link();
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

Expected<KeyBlob> create(Session& session, Object& parent, const KeyTemplate& key,
                         const Sensitive& sensitive, const Auth& auth) {
  const auto by = authorize(parent, auth);
  if (!by) return tl::unexpected(by.error());
  TPM2B_SENSITIVE_CREATE in_sensitive{};
  if (!assign(in_sensitive.sensitive.userAuth, sensitive.auth) ||
      !assign(in_sensitive.sensitive.data, sensitive.data)) {
    return fail(Error::Kind::tss, TPM2_CC_Create, "longer than a TPMS_SENSITIVE_CREATE can hold");
  }
  TPM2B_PUBLIC in_public = to_public(key);
  if (!sensitive.data.empty())
    in_public.publicArea.objectAttributes &= ~TPMA_OBJECT_SENSITIVEDATAORIGIN;
  TPM2B_PRIVATE* out_private = nullptr;
  TPM2B_PUBLIC* out_public = nullptr;
  auto made = session.link()->run(TPM2_CC_Create, [&](ESYS_CONTEXT* esys) {
    return Esys_Create(esys, by->object, by->session, by->beside, ESYS_TR_NONE, &in_sensitive,
                       &in_public, &kNoOutsideInfo, &kNoPcrs, &out_private, &out_public, nullptr,
                       nullptr, nullptr);
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
  const auto child = read_child(blob.private_area, blob.public_area);
  if (!child) return tl::unexpected(child.error());
  auto tr = load_child(session, parent, *child);
  if (!tr) return tl::unexpected(tr.error());
  return own_object(session.link(), TPM2_CC_Load, *tr, child->public_area);
}

Expected<void> test_load(Session& session, Object& parent, ByteView private_area,
                         ByteView public_area) {
  const auto child = read_child(private_area, public_area);
  if (!child) return tl::unexpected(child.error());
  auto tr = load_child(session, parent, *child);
  if (!tr) return tl::unexpected(tr.error());
  return session.link()->run(TPM2_CC_FlushContext,
                             [&](ESYS_CONTEXT* esys) { return Esys_FlushContext(esys, *tr); });
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

Expected<Bytes> unseal(Session& session, Object& sealed, const Auth& auth) {
  const auto by = authorize(sealed, auth);
  if (!by) return tl::unexpected(by.error());
  TPM2B_SENSITIVE_DATA* out = nullptr;
  auto done = session.link()->run(TPM2_CC_Unseal, [&](ESYS_CONTEXT* esys) {
    return Esys_Unseal(esys, by->object, by->session, by->beside, ESYS_TR_NONE, &out);
  });
  if (!done) return tl::unexpected(done.error());
  const EsysPtr<TPM2B_SENSITIVE_DATA> data(out);
  return octets(*data);
}

Expected<ForeignObject> read_public(Session& session, std::uint32_t handle) {
  ESYS_TR tr = ESYS_TR_NONE;
  TPM2B_PUBLIC* out_public = nullptr;
  TPM2B_NAME* out_name = nullptr;
  TPM2B_NAME* out_qualified = nullptr;
  auto read = session.link()->run(TPM2_CC_ReadPublic, [&](ESYS_CONTEXT* esys) {
    TSS2_RC rc = Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
    if (rc == TSS2_RC_SUCCESS) {
      rc = Esys_ReadPublic(esys, tr, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out_public,
                           &out_name, &out_qualified);
    }
    return rc;
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_PUBLIC> area(out_public);
  const EsysPtr<TPM2B_NAME> name(out_name), qualified(out_qualified);
  return ForeignObject{handle, octets(area->publicArea.authPolicy), octets(*name),
                       octets(*qualified)};
}

bool is_ours(const ForeignObject& object, std::span<const ForeignObject> all) {
  const auto marked = [](const auto& one) { return std::ranges::equal(one.auth_policy, kMarker); };
  return marked(object) || std::ranges::any_of(all, [&](const ForeignObject& parent) {
           return marked(parent) &&
                  qualified_name(parent.qualified_name, object.name) == object.qualified_name;
         });
}

Expected<void> flush_foreign(Session& session, std::uint32_t handle) {
  return session.link()->run(TPM2_CC_FlushContext, [&](ESYS_CONTEXT* esys) {
    ESYS_TR tr = ESYS_TR_NONE;
    const TSS2_RC rc =
        Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &tr);
    return rc == TSS2_RC_SUCCESS ? Esys_FlushContext(esys, tr) : rc;
  });
}

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
