// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "tpm/auth_session.h"
#include "tpm/object.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// Under which seed a primary is made.
enum class Hierarchy : std::uint8_t { owner, null };

/// TPM2_CreatePrimary (Part 3, 24.1) with an empty hierarchy authorization and an empty sensitive.
/// Error: `tss` for a template with a policy, since nothing would mark such a primary as ours.
Expected<Object> create_primary(Session& session, Hierarchy hierarchy, const KeyTemplate& key);

/// TPM2_Create (Part 3, 12.1); the object stays outside the TPM. `auth` is that of the parent.
Expected<KeyBlob> create(Session& session, Object& parent, const KeyTemplate& key,
                         const Sensitive& sensitive = {}, const Auth& auth = {});

/// TPM2_Load (Part 3, 12.2). The object must be flushed before its parent.
Expected<Object> load(Session& session, Object& parent, const KeyBlob& blob);

/// TPM2_Unseal (Part 3, 12.7).
Expected<Bytes> unseal(Session& session, Object& sealed, const Auth& auth = {});

/// TPM2_Load of an object of any type, which is flushed again: does the TPM take it for a child of
/// `parent`? Error of kind tpm with TPM_RC_INTEGRITY: it is that of another parent.
Expected<void> test_load(Session& session, Object& parent, ByteView private_area,
                         ByteView public_area);

/// TPM2_CreateLoaded (Part 3, 12.9) of an ordinary key below `parent`: TPM2_Create and TPM2_Load in
/// one command. Errors: `tss` if the template cannot be marshalled.
Expected<Object> create_loaded(Session& session, Object& parent, const KeyTemplate& key);

/// What TPM2_ReadPublic tells of an object that somebody else, or an earlier run, left in the TPM.
struct ForeignObject {
  std::uint32_t handle = 0;
  Bytes auth_policy, name, qualified_name;
};

/// TPM2_ReadPublic (Part 3, 12.4) of a transient object by its TPM handle.
Expected<ForeignObject> read_public(Session& session, std::uint32_t handle);

/// Whether tpmprobe made this one of the objects in a TPM (tpm/marker.h).
bool is_ours(const ForeignObject& object, std::span<const ForeignObject> all);

/// TPM2_FlushContext (Part 3, 28.4) of a transient object or a session by its TPM handle.
Expected<void> flush_foreign(Session& session, std::uint32_t handle);

/// What TPM2_ReadPublic (Part 3, 12.4) tells of an object, for comparing it with another.
struct PublicForm {
  Bytes name;  ///< Part 1, 16
  /// The marshalled TPMT_PUBLIC (Part 2, 12.2.4) with an empty `unique`: the template it was made
  /// from, as far as it is seen from outside. Two primaries of one template and one seed are equal.
  Bytes form;
};

/// Of a persistent object by its handle. Errors: `tss` if the area cannot be marshalled again.
Expected<PublicForm> read_public_form(Session& session, std::uint32_t handle);

/// A signing key of which both halves are known outside the TPM.
struct ExternalKey {
  PublicKey key;  ///< of exponent 65537 if it is RSA
  Bytes secret;   ///< one of the two primes, or the private scalar (Part 2, 12.3.2.3), big endian
};

/// TPM2_LoadExternal (Part 3, 12.3) of both halves, the private one in plain, into the NULL
/// hierarchy: for signing without restriction, with noDA, userWithAuth, an empty auth value and the
/// marker of tpmprobe. Only for keys that are no secret. Errors: `tpm` where a firmware takes no
/// private half in plain; `tss` if a number is too long for its structure.
Expected<Object> load_external(Session& session, const ExternalKey& key);

}  // namespace tpmprobe::tpm
