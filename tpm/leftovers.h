// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "knowledge/capabilities.h"
#include "tpm/layers/guard.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// What was found in the transient slots of a TPM before a run, and what became of it. Only a TPM
/// without resource manager shows the objects of others.
struct Leftovers {
  std::vector<std::uint32_t> flushed;          ///< ours, of a run that was killed
  std::vector<std::uint32_t> of_another;       ///< marked as ours, but another tpmprobe is alive
  std::vector<std::uint32_t> foreign;          ///< somebody else's, still there
  std::vector<std::uint32_t> foreign_flushed;  ///< somebody else's, gone by --flush-leftovers
  std::vector<std::uint32_t> sessions;         ///< ours, flushed with the objects
};

/// May this run flush objects that it did not make?
struct LeftoverPolicy {
  bool alone = true;           ///< no other live tpmprobe works on this TPM (TpmLock)
  bool flush_foreign = false;  ///< --flush-leftovers
};

/// Looks at each transient object by TPM2_ReadPublic and flushes what may be flushed, and the
/// loaded sessions beside objects of a killed run. An object that cannot be read is somebody
/// else's. Fails only if the transport does.
Expected<Leftovers> clear_leftovers(Session& session, Guard& guard,
                                    const knowledge::HandleLists& handles,
                                    const LeftoverPolicy& policy);

}  // namespace tpmprobe::tpm
