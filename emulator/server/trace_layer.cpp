// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/trace_layer.h"

#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "knowledge/wire.h"

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
std::string decoded(ByteView command) {
  const std::uint32_t code = knowledge::command_code(command);
  const auto* info = knowledge::find_command(code);
  std::string text =
      info != nullptr ? fmt::format("TPM2_{}", info->name) : fmt::format("command {:#010x}", code);
  const auto parts = knowledge::split_command(command);
  if (!parts) return text + (info != nullptr ? " (malformed)" : "");
  for (const auto handle : parts->handles) text += fmt::format(" {:#010x}", handle);
  return text;
}

std::string outcome(const Expected<Bytes>& response) {
  if (!response) return response.error().message;
  return fmt::format("{:#010x} {}", knowledge::response_code(*response), response->size());
}

}  // namespace

Expected<Bytes> TraceLayer::transmit(ByteView command, tpm::TimePoint deadline) {
  const std::string begun = utc_now();
  const auto start = clock_.now();
  auto response = below().transmit(command, deadline);
  const auto taken = clock_.now() - start;
  sink_(fmt::format("{} {} {} -> {} {:.3f} ms", begun, decoded(command), command.size(),
                    outcome(response), tpm::milliseconds(taken)));
  return response;
}

}  // namespace tpmprobe::emulator
