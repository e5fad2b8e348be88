// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/diagnosis.h"

namespace tpmprobe::doctor {

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

}  // namespace tpmprobe::doctor
