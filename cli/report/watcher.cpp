// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/watcher.h"

#include <fmt/format.h>

#include "knowledge/key_times.h"

namespace tpmprobe::cli {

void Watcher::opened(const Identity& identity) {
  manufacturer_ = identity.manufacturer;
  hardware_ = identity.kind != TpmKind::emulator;
}

void Watcher::starting(int number, int total, const probes::Probe& probe, bool slow) {
  const auto* time = knowledge::find_key_time(manufacturer_.value_or(""), probe.rsa_bits);
  if (slow && hardware_ && time != nullptr) {
    progress_.forecast(fmt::format(
        "now an RSA-{} key: {} takes about {} s for it, {} s at the worst measured; Ctrl-C ends "
        "the run with what is known by then",
        probe.rsa_bits, time->manufacturer.empty() ? "a slow TPM" : "this make of TPM",
        time->usual_s, time->worst_s));
  }
  progress_.started(number, total, to_string(probe.id));
}

void Watcher::finished(const Result& result) {
  progress_.finished(result.verdict, result.duration_ms);
}

}  // namespace tpmprobe::cli
