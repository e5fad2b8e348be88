// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/esys/link.h"

#include "tpm/tss_log.h"

namespace tpmprobe::tpm {
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
  if (rc != TSS2_RC_SUCCESS) return fail(Error::Kind::tss, 0, "ESYS cannot be initialised", rc);
  ++generation_;
  return {};
}

Expected<void> EsysLink::judge(std::uint32_t command, TSS2_RC rc) {
  auto error = adapter_.take_error();
  if (rc == TSS2_RC_SUCCESS) return {};
  if (!error && is_answer(rc))
    return fail(Error::Kind::tpm, command, "the TPM answered with an error code", rc);
  Esys_Finalize(&context_);  // its sequence is broken; the next call gets a new one
  if (!error) return fail(Error::Kind::tss, command, "tpm2-tss refused or failed the call", rc);
  if (error->command == 0) error->command = command;
  return tl::unexpected(std::move(*error));
}

}  // namespace tpmprobe::tpm
