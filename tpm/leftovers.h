// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "knowledge/capabilities.h"
#include "tpm/bytes.h"
#include "tpm/layers/guard.h"
#include "tpm/posix/descriptor.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// What the marker is the SHA-256 digest of. Never to change: a later version must still know the
/// leftovers of an earlier one.
inline constexpr std::string_view kMarkerText = "tpmprobe object marker, version 1";

/// authPolicy of every object that tpmprobe makes without a policy, by which the next run knows the
/// leftovers of a run that was killed. As a policy it can never be satisfied, since no policy
/// session arrives at the digest of a text; the objects are used by their auth value
/// (userWithAuth).
///
/// An object with a real policy has no room for it: a policy is one digest, and a PolicyOR of
/// marker and policy is known only to who can guess the policy. But such an object lies below a
/// parent that is marked, and TPM2_ReadPublic proves that: its qualified name is a digest over the
/// one of the parent. The parent stays as long as its children: they are flushed first.
extern const std::array<std::uint8_t, 32> kMarker;

/// The qualified name of an object called `name` below the parent of this qualified name (Part 1,
/// 16 "Names"). Empty if its hash cannot be computed here.
Bytes qualified_name(ByteView parent, ByteView name);

/// Says to other tpmprobe processes, of any user, that this one is at work on a TPM: a name in the
/// abstract UNIX socket namespace, which leaves no file and ends with the process, also after kill
/// -9. It forbids nothing; who does not get it must leave unknown objects alone.
class TpmLock {
 public:
  /// nullopt: another live process has it (or sockets cannot be had at all). `key` names the TPM
  /// whatever way it was spelt.
  static std::optional<TpmLock> acquire(std::string_view key);

 private:
  explicit TpmLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

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
