// SPDX-License-Identifier: BSD-2-Clause
#include "probes/opening.h"

#include <algorithm>

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "knowledge/rc_values.h"
#include "probes/failed_tpm.h"
#include "probes/identity.h"
#include "probes/judge.h"
#include "tpm/commands/state.h"

namespace tpmprobe::probes {
namespace {

const Error* fault_with(const tpm::CapabilityReading& reading, std::uint32_t rc) {
  const auto fault = std::find_if(
      reading.faults.begin(), reading.faults.end(), [&](const tpm::CapabilityFault& candidate) {
        return candidate.error.kind == Error::Kind::tpm && candidate.error.rc == rc;
      });
  return fault == reading.faults.end() ? nullptr : &fault->error;
}

// Nothing that a TPM 2.0 would say came back. An impossible answer to one question of many is a
// fault of that list only.
const Error* fatal(const tpm::CapabilityReading& reading) {
  const auto& read = reading.capabilities;
  const bool told = read.properties_fixed || read.properties_variable || read.algorithms ||
                    read.curves || read.commands;
  if (told || reading.faults.empty()) return nullptr;
  const Error& first = reading.faults.front().error;
  return first.kind == Error::Kind::tpm ? nullptr : &first;
}

void ask_failed(const RunInput& input, Opening& opening) {
  ask_failed_tpm(input.session, opening.reading.capabilities);
  opening.identity = identify(opening.reading.capabilities);
  opening.identity.failure_mode = read_failure(input.session);
}

void describe(const Opening& opening, bool started, Result& result) {
  result.verdict = Verdict::pass;
  result.actual = "the TPM answers, its capabilities are read";
  if (started) result.actual += "; it had not been started: TPM2_Startup(CLEAR) was sent";
  const auto count = [&](std::size_t number, std::string_view what) {
    if (number > 0) result.actual += fmt::format("; {} {}", number, what);
  };
  count(opening.leftovers.flushed.size(), "objects of a tpmprobe that was killed flushed");
  count(opening.leftovers.of_another.size(), "objects of another running tpmprobe left alone");
  count(opening.leftovers.foreign_flushed.size(), "objects of other programs flushed");
}

void clear_slots(const RunInput& input, Opening& opening) {
  const auto& handles = opening.reading.capabilities.handles;
  auto cleared = tpm::clear_leftovers(input.session, input.guard, handles, input.leftovers);
  if (cleared) opening.leftovers = std::move(*cleared);
}

}  // namespace

FailureMode read_failure(tpm::Session& session) {
  const auto test = tpm::get_test_result(session);
  return test ? FailureMode{test->result, test->out_data} : FailureMode{};
}

Opening open_tpm(const RunInput& input, Result& result) {
  result.expected = "the TPM answers and tells its capabilities";
  Opening opening;
  opening.reading = tpm::read_capabilities(input.session);
  const bool asleep = fault_with(opening.reading, knowledge::rc::kInitialize) != nullptr;
  if (asleep && tpm::startup(input.session)) {
    opening.reading = tpm::read_capabilities(input.session);
  }
  if (const Error* failure = fault_with(opening.reading, knowledge::rc::kFailure)) {
    judge(*failure, "reading the capabilities", result);
    ask_failed(input, opening);
  } else if (const Error* nothing = fatal(opening.reading)) {
    judge(*nothing, "asking the TPM who it is", result);
    opening.unreachable = *nothing;
  } else {
    clear_slots(input, opening);
    opening.identity = identify(opening.reading.capabilities);
    if (const auto now = tpm::read_clock(input.session)) {
      opening.identity.reset_count = now->reset_count;
    }
    describe(opening, asleep, result);
  }
  opening.identity.transport = input.transport;
  const auto& left = opening.leftovers;
  opening.identity.found_objects = {left.flushed.size(), left.of_another.size(),
                                    left.foreign.size(), left.foreign_flushed.size()};
  return opening;
}

}  // namespace tpmprobe::probes
