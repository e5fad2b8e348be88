// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/object.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// Under which seed a primary is made.
enum class Hierarchy : std::uint8_t { owner, null };

/// TPM2_CreatePrimary (Part 3, 24.1) with an empty hierarchy authorization and an empty sensitive.
Expected<Object> create_primary(Session& session, Hierarchy hierarchy, const KeyTemplate& key);

/// TPM2_Create (Part 3, 12.1); the key stays outside the TPM.
Expected<KeyBlob> create(Session& session, Object& parent, const KeyTemplate& key);

/// TPM2_Load (Part 3, 12.2).
Expected<Object> load(Session& session, Object& parent, const KeyBlob& blob);

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
  Bytes auth_policy;
};

/// TPM2_ReadPublic (Part 3, 12.4) of a transient object by its TPM handle.
Expected<ForeignObject> read_public(Session& session, std::uint32_t handle);

/// TPM2_FlushContext (Part 3, 28.4) of a transient object by its TPM handle.
Expected<void> flush_foreign(Session& session, std::uint32_t handle);

}  // namespace tpmprobe::tpm
