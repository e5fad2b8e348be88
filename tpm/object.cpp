// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/object.h"

#include <utility>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Object::Object(std::shared_ptr<EsysLink> link, std::uint32_t esys_tr, std::uint32_t handle,
               Bytes serialized)
    : link_(std::move(link)),
      esys_tr_(esys_tr),
      generation_(link_->generation()),
      handle_(handle),
      serialized_(std::move(serialized)) {}

Object::Object(Object&& other) noexcept = default;

Object& Object::operator=(Object&& other) noexcept {
  if (this != &other) {
    static_cast<void>(flush());
    link_ = std::move(other.link_);
    esys_tr_ = other.esys_tr_;
    generation_ = other.generation_;
    handle_ = other.handle_;
    key_ = std::move(other.key_);
    serialized_ = std::move(other.serialized_);
  }
  return *this;
}

Object::~Object() {
  static_cast<void>(flush());
}

Expected<std::uint32_t> Object::esys_tr() {
  if (auto usable = link_->ready(); !usable) return tl::unexpected(usable.error());
  if (generation_ == link_->generation()) return esys_tr_;
  ESYS_TR revived = ESYS_TR_NONE;
  auto done = link_->run(0, [&](ESYS_CONTEXT* esys) {
    return Esys_TR_Deserialize(esys, serialized_.data(), serialized_.size(), &revived);
  });
  if (!done) return tl::unexpected(done.error());
  esys_tr_ = revived;
  generation_ = link_->generation();
  return esys_tr_;
}

Expected<Bytes> Object::name() {
  auto tr = esys_tr();
  if (!tr) return tl::unexpected(tr.error());
  TPM2B_NAME* name = nullptr;
  auto read = link_->run(0, [&](ESYS_CONTEXT* esys) { return Esys_TR_GetName(esys, *tr, &name); });
  const EsysPtr<TPM2B_NAME> owner(name);
  if (!read) return tl::unexpected(read.error());
  return octets(*name);
}

Expected<void> Object::flush() {
  if (!link_) return {};
  auto tr = esys_tr();
  auto link = std::exchange(link_, nullptr);
  if (!tr) return tl::unexpected(tr.error());
  return link->run(TPM2_CC_FlushContext,
                   [&](ESYS_CONTEXT* esys) { return Esys_FlushContext(esys, *tr); });
}

}  // namespace tpmprobe::tpm
