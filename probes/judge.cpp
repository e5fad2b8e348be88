// SPDX-License-Identifier: BSD-2-Clause
#include "probes/judge.h"

#include <fmt/format.h>

#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"

namespace tpmprobe::probes {
namespace {

std::uint16_t base_code(const Error& error) {
  return knowledge::decode_rc(error.rc).base;
}

Verdict verdict_of_code(const Error& error) {
  if (is_resource_shortage(error)) return Verdict::blocked;
  switch (base_code(error)) {
    case knowledge::rc::kLockout:
    case knowledge::rc::kNvRate:
    case knowledge::rc::kAuthFail:
    case knowledge::rc::kBadAuth:
    case knowledge::rc::kHierarchy:
    case knowledge::rc::kDisabled:
      return Verdict::blocked;
    case knowledge::rc::kFailure:
      return Verdict::fail;
    default:
      return Verdict::unsupported;
  }
}

/// What an error that is no response code is evidence of; empty for a code.
std::string_view evidence_of(const Error& error) {
  namespace evidence = knowledge::evidence;
  switch (error.kind) {
    case Error::Kind::timeout:
      return evidence::kAnswerNone;
    case Error::Kind::closed:
      return evidence::kConnectionClosed;
    case Error::Kind::gave_up:
      return base_code(error) == knowledge::rc::kTesting ? evidence::kTestingForEver
                                                         : evidence::kRetriedForEver;
    default:
      return error.evidence;
  }
}

}  // namespace

bool is_resource_shortage(const Error& error) {
  const auto code = base_code(error);
  return error.kind == Error::Kind::tpm && code >= knowledge::rc::kContextGap &&
         code <= knowledge::rc::kObjectHandles;
}

bool is_refusal(const Error& error) {
  return error.kind == Error::Kind::tpm && verdict_of_code(error) == Verdict::unsupported;
}

Verdict verdict_of(const Error& error) {
  switch (error.kind) {
    case Error::Kind::tpm:
      return verdict_of_code(error);
    case Error::Kind::timeout:
    case Error::Kind::gave_up:
      return Verdict::timeout;
    case Error::Kind::malformed:
      return Verdict::fail;
    case Error::Kind::refused:
    case Error::Kind::no_access:
      return Verdict::blocked;
    default:
      return Verdict::error;
  }
}

void judge(const Error& error, std::string_view what, Result& result) {
  result.verdict = verdict_of(error);
  if (error.rc != 0) result.rc = error.rc;
  const auto* command = knowledge::find_command(error.command);
  if (error.command != 0) result.command = error.command;
  if (const auto word = evidence_of(error); !word.empty()) add_evidence(result, word);
  const auto name = command != nullptr ? fmt::format("TPM2_{}", command->name) : "the TPM";
  result.actual = error.kind == Error::Kind::tpm
                      ? fmt::format("{}: {} answered 0x{:x}", what, name, error.rc)
                      : fmt::format("{}: {}", what, error.message);
}

void find_fault(Result& result, std::string_view word, std::string text) {
  result.verdict = Verdict::fail;
  result.actual = std::move(text);
  if (!word.empty()) add_evidence(result, word);
}

void pass(Result& result, std::string text) {
  result.verdict = Verdict::pass;
  result.actual = std::move(text);
}

}  // namespace tpmprobe::probes
