// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "tpm/auth_session.h"
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

}  // namespace tpmprobe::tpm
