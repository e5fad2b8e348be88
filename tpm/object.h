// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <utility>

#include "tpm/error.h"
#include "tpm/key.h"

namespace tpmprobe::tpm {

class EsysLink;

/// A transient object in the TPM, flushed when this goes out of scope. Move-only.
class Object {
 public:
  /// Used by esys/own_object.cpp; `serialized` is the ESYS form of the object's metadata.
  Object(std::shared_ptr<EsysLink> link, std::uint32_t esys_tr, std::uint32_t handle,
         Bytes serialized);
  Object(Object&& other) noexcept;
  Object& operator=(Object&& other) noexcept;
  ~Object();

  /// The TPM's own handle, 0x80xxxxxx.
  [[nodiscard]] std::uint32_t handle() const { return handle_; }
  [[nodiscard]] const PublicKey& key() const { return key_; }
  void set_key(PublicKey key) { key_ = std::move(key); }
  /// TPM2B_NAME without its size: nameAlg and digest of the public area (Part 1, 16 "Names"). Sends
  /// nothing, but takes ESYS a millisecond.
  Expected<Bytes> name();

  /// TPM2_FlushContext now; the destructor does the same and ignores the answer.
  Expected<void> flush();

  /// The object in the present ESYS context, for the command functions of tpm/.
  Expected<std::uint32_t> esys_tr();
  [[nodiscard]] const std::shared_ptr<EsysLink>& link() const { return link_; }

 private:
  std::shared_ptr<EsysLink> link_;  // null: moved from or flushed
  std::uint32_t esys_tr_ = 0;
  unsigned generation_ = 0;
  std::uint32_t handle_ = 0;
  PublicKey key_;
  Bytes serialized_;
};

}  // namespace tpmprobe::tpm
