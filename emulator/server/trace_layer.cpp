// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/trace_layer.h"

#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "knowledge/command_table.h"

namespace tpmprobe::emulator {
namespace {

std::string utc_now() {
  using std::chrono::microseconds;
  const auto now = std::chrono::system_clock::now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const auto rest = std::chrono::duration_cast<microseconds>(now - second);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(second), rest.count());
}

/// Name and handles; of what is no command of the table as much as can be said.
std::string decoded(const tpm::WireExchange& exchange) {
  const std::uint32_t code = exchange.code();
  const auto* info = knowledge::find_command(code);
  std::string text =
      info != nullptr ? fmt::format("TPM2_{}", info->name) : fmt::format("command {:#010x}", code);
  const auto& parts = exchange.request();
  if (!parts) return text + (info != nullptr ? " (malformed)" : "");
  for (const auto handle : parts->handles) text += fmt::format(" {:#010x}", handle);
  return text;
}

std::string outcome(const Expected<void>& carried, const tpm::WireExchange& exchange) {
  if (!carried) return carried.error().message;
  return fmt::format("{:#010x} {}", exchange.rc(), exchange.response().size());
}

}  // namespace

Expected<void> TraceLayer::carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) {
  const std::string begun = utc_now();
  const auto start = clock_.now();
  auto carried = below().carry(exchange, deadline);
  const auto taken = clock_.now() - start;
  sink_(fmt::format("{} {} {} -> {} {:.3f} ms", begun, decoded(exchange), exchange.command().size(),
                    outcome(carried, exchange), tpm::milliseconds(taken)));
  return carried;
}

}  // namespace tpmprobe::emulator
