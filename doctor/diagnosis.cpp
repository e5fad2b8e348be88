// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/diagnosis.h"

#include <algorithm>
#include <array>

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

namespace {

// In the order of causes: without a device nothing else can be right.
constexpr std::array kChecks{check_kernel,  check_device,          check_broker,  check_versions,
                             check_tctis,   check_answers,         check_lockout, check_tpm_state,
                             check_earlier, check_ek_certificates, check_fapi,    check_store,
                             check_ssh};

int rank(const Diagnosis& line) {
  switch (line.health) {
    case Health::fail:
      return 0;
    case Health::warn:
      return 1;
    case Health::unknown:
      return 2;
    case Health::ok:
      break;
  }
  return 3;
}

}  // namespace

Diagnoses examine(const Machine& machine) {
  Diagnoses lines;
  for (const auto check : kChecks) check(machine, lines);
  std::ranges::stable_sort(lines, {}, rank);
  return lines;
}

}  // namespace tpmprobe::doctor
