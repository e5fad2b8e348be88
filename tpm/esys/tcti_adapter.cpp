// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/esys/tcti_adapter.h"

#include <algorithm>
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

}  // namespace tpmprobe::tpm
