// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/parents.h"

#include "tpm/commands/objects.h"
#include "tpm/commands/public_area.h"
#include "tpm/esys/convert.h"

namespace tpmprobe::tpm {
namespace {

bool is_engine(ParentTemplate parent) {
  return parent == ParentTemplate::engine_rsa || parent == ParentTemplate::engine_ecc;
}

/// As our own storage key, but without the marker, and with noDA for the engine's only.
TPM2B_PUBLIC public_area(ParentTemplate parent) {
  KeyTemplate key;
  key.use = KeyUse::storage;
  key.type = is_rsa(parent) ? KeyTemplate::Type::rsa : KeyTemplate::Type::ecc;
  key.key_bits = 2048;
  key.curve = TPM2_ECC_NIST_P256;
  TPM2B_PUBLIC area = to_public(key);
  area.publicArea.authPolicy = {};
  if (!is_engine(parent)) area.publicArea.objectAttributes &= ~TPMA_OBJECT_NODA;
  return area;
}

}  // namespace

bool is_rsa(ParentTemplate parent) {
  return parent == ParentTemplate::tools_rsa || parent == ParentTemplate::engine_rsa;
}

std::string_view to_string(ParentTemplate parent) {
  if (is_engine(parent)) return "tss2-engine-key";
  return is_rsa(parent) ? "tpm2-tools-default" : "tpm2-tools-ecc-default";
}

Bytes parent_form(ParentTemplate parent) {
  return template_form(public_area(parent).publicArea);
}

Expected<Object> create_parent(Session& session, ParentTemplate parent) {
  return create_primary(session, Hierarchy::owner, public_area(parent));
}

}  // namespace tpmprobe::tpm
