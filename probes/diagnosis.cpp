// SPDX-License-Identifier: BSD-2-Clause
#include "probes/diagnosis.h"

namespace tpmprobe::probes {

std::string_view to_string(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warn:
      return "warn";
    case Health::fail:
      return "fail";
    case Health::unknown:
      break;
  }
  return "unknown";
}

}  // namespace tpmprobe::probes
