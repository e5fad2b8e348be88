// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/rc.h"

#include <array>
#include <cstddef>

namespace tpmprobe::knowledge {

std::string_view to_string(RcLayer layer) {
  switch (layer) {
    case RcLayer::tpm:
      return "tpm";
    case RcLayer::fapi:
      return "fapi";
    case RcLayer::esys:
      return "esys";
    case RcLayer::sys:
      return "sys";
    case RcLayer::mu:
      return "mu";
    case RcLayer::tcti:
      return "tcti";
    case RcLayer::resource_manager:
    case RcLayer::resource_manager_tpm:
      return "rm";
    case RcLayer::policy:
      return "policy";
    case RcLayer::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(RcFormat format) {
  constexpr std::array<std::string_view, 9> kNames{
      "success", "tpm12", "format0-error",           "format0-warning", "vendor",
      "format1", "base",  "implementation-specific", "undefined"};
  return kNames.at(static_cast<std::size_t>(format));
}

std::string_view to_string(RcPlace place) {
  constexpr std::array<std::string_view, 4> kNames{"none", "parameter", "handle", "session"};
  return kNames.at(static_cast<std::size_t>(place));
}

std::string_view to_string(RcSeverity severity) {
  constexpr std::array<std::string_view, 4> kNames{"error", "warning", "follow-up", "harmless"};
  return kNames.at(static_cast<std::size_t>(severity));
}

}  // namespace tpmprobe::knowledge
