// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/stack.h"

#include <memory>
#include <utility>

#include "tpm/layers/check_layer.h"
#include "tpm/layers/name_layer.h"
#include "tpm/layers/record_layer.h"
#include "tpm/layers/retry_layer.h"

namespace tpmprobe::tpm {

Stack make_stack(TransportPtr base, Recorder& recorder, Clock& clock, GuardPolicy policy,
                 const std::atomic<bool>* interrupted) {
  auto record = std::make_unique<RecordLayer>(std::move(base), recorder, clock);
  auto check = std::make_unique<CheckLayer>(std::move(record), clock);
  auto retry = std::make_unique<RetryLayer>(std::move(check), clock);
  auto guard = std::make_unique<Guard>(std::move(retry), policy, interrupted);
  Guard* const watched = guard.get();
  return {std::make_unique<NameLayer>(std::move(guard)), watched};
}

}  // namespace tpmprobe::tpm
