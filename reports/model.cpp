// SPDX-License-Identifier: BSD-2-Clause
#include "reports/model.h"

namespace tpmprobe::reports {

std::string_view to_string(Usability usability) {
  switch (usability) {
    case Usability::usable:
      return "usable";
    case Usability::limited:
      return "limited";
    case Usability::not_usable:
      return "not-usable";
    case Usability::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

}  // namespace tpmprobe::reports
