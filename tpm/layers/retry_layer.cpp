// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/retry_layer.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "knowledge/rc_values.h"

namespace tpmprobe::tpm {
namespace {

struct Patience {
  std::string_view name;
  Duration bound;
};

std::optional<Patience> patience_with(std::uint32_t rc) {
  switch (rc) {
    case knowledge::rc::kRetry:
      return Patience{"TPM_RC_RETRY", kRetryBound};
    case knowledge::rc::kYielded:
      return Patience{"TPM_RC_YIELDED", kRetryBound};
    case knowledge::rc::kTesting:
      return Patience{"TPM_RC_TESTING", kTestingBound};
    default:
      return std::nullopt;
  }
}

tl::unexpected<Error> give_up(const WireExchange& exchange, Patience patience, unsigned submissions,
                              Duration waited) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(waited).count();
  return fail(Error::Kind::gave_up, exchange.code(),
              fmt::format("the TPM answered {} to each of {} submissions within {} ms",
                          patience.name, submissions, milliseconds),
              exchange.rc());
}

}  // namespace

Expected<void> RetryLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const TimePoint start = clock_.now();
  Duration pause = kFirstPause;
  for (unsigned submissions = 1;; ++submissions) {
    auto carried = below().carry(exchange, deadline);
    if (!carried) return carried;
    const auto patience = patience_with(exchange.rc());
    if (!patience) return carried;
    const TimePoint now = clock_.now();
    if (now + pause >= std::min(deadline, start + patience->bound)) {
      return give_up(exchange, *patience, submissions, now - start);
    }
    clock_.sleep_for(pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace tpmprobe::tpm
