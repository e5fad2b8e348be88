// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/esys/link.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tpmprobe::tpm {
namespace {

constexpr std::uint64_t kMagic = 0x746d7062726f6265;  // any value: "tmpbrobe"

TSS2_RC cancel(TSS2_TCTI_CONTEXT*) {
  return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC poll_handles(TSS2_TCTI_CONTEXT*, TSS2_TCTI_POLL_HANDLE*, std::size_t*) {
  return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC set_locality(TSS2_TCTI_CONTEXT*, std::uint8_t) {
  return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

TSS2_RC make_sticky(TSS2_TCTI_CONTEXT*, TPM2_HANDLE*, std::uint8_t) {
  return TSS2_TCTI_RC_NOT_IMPLEMENTED;
}

void finalize(TSS2_TCTI_CONTEXT*) {}

}  // namespace

TctiAdapter::TctiAdapter(TransportPtr stack) : stack_(std::move(stack)), tcti_{} {
  tcti_.self = this;
  tcti_.common.v1.magic = kMagic;
  tcti_.common.v1.version = 2;
  tcti_.common.v1.transmit = &TctiAdapter::transmit;
  tcti_.common.v1.receive = &TctiAdapter::receive;
  tcti_.common.v1.finalize = &finalize;
  tcti_.common.v1.cancel = &cancel;
  tcti_.common.v1.getPollHandles = &poll_handles;
  tcti_.common.v1.setLocality = &set_locality;
  tcti_.common.makeSticky = &make_sticky;
}

std::optional<Error> TctiAdapter::take_error() {
  return std::exchange(error_, std::nullopt);
}

TSS2_RC TctiAdapter::transmit(TSS2_TCTI_CONTEXT* context, std::size_t size,
                              const std::uint8_t* command) {
  if (context == nullptr || command == nullptr) return TSS2_TCTI_RC_BAD_REFERENCE;
  TctiAdapter& self = *reinterpret_cast<Tcti*>(context)->self;
  auto response = self.stack_->transmit({command, size}, kNoDeadline);
  if (!response) {
    self.error_ = std::move(response.error());
    return TSS2_TCTI_RC_IO_ERROR;
  }
  self.response_ = std::move(*response);
  return TSS2_RC_SUCCESS;
}

TSS2_RC TctiAdapter::receive(TSS2_TCTI_CONTEXT* context, std::size_t* size, std::uint8_t* response,
                             std::int32_t) {
  if (context == nullptr || size == nullptr) return TSS2_TCTI_RC_BAD_REFERENCE;
  TctiAdapter& self = *reinterpret_cast<Tcti*>(context)->self;
  const std::size_t available = self.response_.size();
  const std::size_t room = std::exchange(*size, available);
  if (response == nullptr) return TSS2_RC_SUCCESS;  // the caller only asks how long it is
  if (room < available) return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
  std::copy(self.response_.begin(), self.response_.end(), response);
  self.response_.clear();
  return TSS2_RC_SUCCESS;
}

namespace {

/// Did the TPM, or a resource manager in its place, answer with this code?
bool is_answer(TSS2_RC rc) {
  const TSS2_RC layer = rc & TSS2_RC_LAYER_MASK;
  return layer == TSS2_TPM_RC_LAYER || layer == TSS2_RESMGR_RC_LAYER ||
         layer == TSS2_RESMGR_TPM_RC_LAYER;
}

}  // namespace

Expected<std::shared_ptr<EsysLink>> EsysLink::open(TransportPtr stack) {
  static_cast<void>(user_wants_tss_log());
  auto link = std::make_shared<EsysLink>(std::move(stack));
  if (auto ready = link->ready(); !ready) return tl::unexpected(ready.error());
  return link;
}

EsysLink::~EsysLink() {
  Esys_Finalize(&context_);
}

Expected<void> EsysLink::ready() {
  if (context_ != nullptr) return {};
  const TSS2_RC rc = Esys_Initialize(&context_, adapter_.context(), nullptr);
  if (rc != TSS2_RC_SUCCESS) return fail(Error::Kind::tss, 0, "ESYS cannot be initialized", rc);
  ++generation_;
  return {};
}

Expected<void> EsysLink::judge(std::uint32_t command, TSS2_RC rc) {
  auto error = adapter_.take_error();
  if (rc == TSS2_RC_SUCCESS) return {};
  if (!error && is_answer(rc))
    return fail(Error::Kind::tpm, command, "the TPM answered with an error code", rc);
  Esys_Finalize(&context_);  // its sequence is broken; the next call gets a new one
  if (!error)
    return fail(Error::Kind::tss, command, "the call to tpm2-tss failed or was refused", rc);
  if (error->command == 0) error->command = command;
  return tl::unexpected(std::move(*error));
}

bool user_wants_tss_log() {
  static const bool kWanted = std::getenv("TSS2_LOG") != nullptr;
  if (!kWanted) setenv("TSS2_LOG", "all+NONE", /*overwrite=*/1);
  return kWanted;
}

}  // namespace tpmprobe::tpm
