// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "host/pkcs11/store.h"
#include "result/result.h"
#include "tpm/session.h"

namespace tpmprobe::walks {

/// What a store is held against.
struct StoreCheck {
  tpm::Session& session;
  const Identity& identity;
  const host::Pkcs11Store& store;
};

/// Whether the primaries that the keys of a store hang on still exist in this TPM. A persistent one
/// is known by its Name. A transient one is made again, under the owner hierarchy if that has no
/// password, and has to load what opens the tokens; if it does not, the other templates of
/// tpm2_ptool are tried, so that a cleared TPM and a parent of another template are told apart.
/// Results, for each primary: `store.ID.parent`, `store.ID.tokens`. No PIN is needed, and no
/// authorization can fail.
std::vector<Result> check_store(const StoreCheck& check);

}  // namespace tpmprobe::walks
