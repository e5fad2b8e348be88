// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "result/result.h"
#include "tpm/error.h"

namespace tpmprobe::probes {

/// The TPM (or the resource manager before it) had no room just now: object, session or context
/// slots. Says nothing about an algorithm.
bool is_resource_shortage(const Error& error);

/// The TPM answered that it does not have, or does not allow, what was asked for.
bool is_refusal(const Error& error);

/// What an error means for a probe that expected success, before anything is known about what the
/// TPM claims: a refusal is `unsupported`, a shortage, lockout or missing authorization is
/// `blocked`, an impossible answer is `fail`.
Verdict verdict_of(const Error& error);

/// Writes verdict, code, command and one sentence ("TPM2_Sign answered 0x1d5") into `result`.
/// `what` says what was being done: "signing a 48-octet digest".
void judge(const Error& error, std::string_view what, Result& result);

/// `fail`, with what was found and its word of knowledge/evidence.h; no word if that is empty.
void find_fault(Result& result, std::string_view word, std::string text);

/// `pass`, with what was found.
void pass(Result& result, std::string text);

}  // namespace tpmprobe::probes
