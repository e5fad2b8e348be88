// SPDX-License-Identifier: BSD-2-Clause
#include "explain/sentence.h"

#include <tuple>

#include <fmt/format.h>

namespace tpmprobe::explain {
namespace {

using knowledge::DecodedRc;
using knowledge::RcFormat;
using knowledge::RcLayer;
using knowledge::RcPlace;

bool is_resource_manager(RcLayer layer) {
  return layer == RcLayer::resource_manager || layer == RcLayer::resource_manager_tpm;
}

/// "parameter 1 (digest)"
std::string position(const Explanation& explanation) {
  const auto where = explanation.decoded.where;
  std::string words = fmt::format("{} {}", knowledge::to_string(where.place), where.index);
  if (!explanation.place_name.empty()) words += " (" + explanation.place_name + ")";
  return words;
}

/// Who refused what: "TPM2_Sign refused parameter 1 (digest)".
std::string tpm_predicate(const Explanation& explanation) {
  const auto& [decoded, command] = std::tie(explanation.decoded, explanation.command);
  const bool placed = decoded.where.place != RcPlace::none;
  if (is_resource_manager(decoded.layer)) {
    std::string words = "The resource manager refused ";
    if (placed) words += position(explanation) + " of ";
    return words + (command != nullptr ? full_name(*command) : "the command");
  }
  const std::string subject = command != nullptr ? full_name(*command) : "The TPM";
  if (placed) return subject + " refused " + position(explanation);
  const bool warning = decoded.format == RcFormat::format0_warning;
  if (command != nullptr) return subject + (warning ? " could not run now" : " failed");
  return subject + (warning ? " cannot do this now" : " refused the command");
}

std::string base_predicate(const Explanation& explanation) {
  std::string words = layer_title(explanation.decoded.layer) + " failed";
  if (explanation.command != nullptr) words += " in " + full_name(*explanation.command);
  return words;
}

std::string predicate(const Explanation& explanation) {
  switch (explanation.decoded.format) {
    case RcFormat::base:
    case RcFormat::implementation_specific:
      return base_predicate(explanation);
    case RcFormat::tpm12:
      return "The TPM answered as a TPM 1.2";
    default:
      return tpm_predicate(explanation);
  }
}

std::string echo_sentence(const Explanation& explanation) {
  return fmt::format(
      "{:#x} is the command code of {} itself: most likely no answer was written and the command "
      "was read back{}.",
      explanation.decoded.value, full_name(*explanation.command),
      explanation.symbol.empty() ? "" : "; else it is " + explanation.symbol);
}

/// What is wrong with a code that nobody can have sent.
std::string undefined_reason(const DecodedRc& decoded) {
  if ((decoded.value >> 24U) != 0) return "bits 24 to 31 are always 0";
  if (decoded.layer == RcLayer::unknown) {
    return fmt::format("no software of the TSS has layer {}", decoded.layer_number);
  }
  if (decoded.base == 0) return "success is 0 in every layer";
  if (decoded.base > 0xFFF) return "a TPM uses only 12 bits of its code";
  return "bit 9 of such a code is always 0";
}

std::string unknown_clause(const DecodedRc& decoded) {
  switch (decoded.format) {
    case RcFormat::vendor:
      return "a code that only the manufacturer of the TPM can explain";
    case RcFormat::implementation_specific:
      return "a code that this software made up for itself";
    case RcFormat::tpm12:
      return "a code that is not in our tables";
    default:
      return "a code that no specification defines";
  }
}

}  // namespace

std::string layer_title(RcLayer layer) {
  switch (layer) {
    case RcLayer::tpm:
      return "The TPM";
    case RcLayer::fapi:
      return "FAPI";
    case RcLayer::esys:
      return "ESYS";
    case RcLayer::sys:
      return "SYS";
    case RcLayer::mu:
      return "The marshalling library (MU)";
    case RcLayer::tcti:
      return "The TCTI, the way to the TPM,";
    case RcLayer::resource_manager:
    case RcLayer::resource_manager_tpm:
      return "The resource manager";
    case RcLayer::policy:
      return "The policy library";
    case RcLayer::unknown:
      break;
  }
  return "An unknown layer";
}

std::string describe_bits(const DecodedRc& decoded) {
  const std::string layer =
      fmt::format("layer {} ({})", decoded.layer_number, knowledge::to_string(decoded.layer));
  switch (decoded.format) {
    case RcFormat::format1:
      return fmt::format("The bits say: {}, format 1, error number {:#04x}, {}.", layer,
                         decoded.base & 0x3F,
                         decoded.where.place == RcPlace::none
                             ? "no position"
                             : fmt::format("{} {}", knowledge::to_string(decoded.where.place),
                                           decoded.where.index));
    case RcFormat::format0_error:
    case RcFormat::format0_warning:
      return fmt::format("The bits say: {}, format 0, {} number {:#04x}.", layer,
                         decoded.format == RcFormat::format0_error ? "error" : "warning",
                         decoded.base & 0x7F);
    case RcFormat::vendor:
      return fmt::format("The bits say: {}, format 0, vendor-defined {} number {:#04x}.", layer,
                         (decoded.base & 0x800) != 0 ? "warning" : "error", decoded.base & 0x7F);
    case RcFormat::tpm12:
      return fmt::format("The bits say: {}, TPM 1.2 code {:#x}.", layer, decoded.base);
    default:
      return fmt::format("The bits say: {}, code {:#x}.", layer, decoded.base);
  }
}

std::string first_sentence(const Explanation& explanation, const knowledge::CodeInfo* info) {
  const DecodedRc& decoded = explanation.decoded;
  if (explanation.echo) return echo_sentence(explanation);
  if (decoded.format == RcFormat::success) return "No error: the command succeeded (0x0).";
  if (decoded.format == RcFormat::undefined) {
    return fmt::format("{:#x} is not a code that a TPM or the TSS sends: {}.", decoded.value,
                       undefined_reason(decoded));
  }
  if (info == nullptr) {
    return fmt::format("{}: {} ({:#x}).", predicate(explanation), unknown_clause(decoded),
                       decoded.value);
  }
  return fmt::format("{}: {} ({}, {:#x}).", predicate(explanation), info->clause,
                     explanation.symbol, decoded.value);
}

}  // namespace tpmprobe::explain
