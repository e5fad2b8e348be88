// SPDX-License-Identifier: BSD-2-Clause
#include "explain/explanation.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace tpmprobe::explain {
namespace {

using knowledge::Cause;
using knowledge::CommandInfo;
using knowledge::ContextWords;
using knowledge::DecodedRc;
using knowledge::RcFormat;
using knowledge::RcSeverity;

/// Why a code can equal the command code: no file of codes/ can hold it, for it has no number.
const ExplainedCause& echo_cause() {
  static const ExplainedCause cause{
      knowledge::CauseClass::firmware_defect,
      "No response was written to the buffer that the driver and the TPM share, so the driver read "
      "its own command back; Intel firmware TPMs have been seen to do this while the machine "
      "boots.",
      "Does a second attempt work? journalctl -k | grep -i tpm (the kernel prints codes in "
      "decimal: 378 is TPM2_GetCapability)",
      "Try again; if it keeps happening, update the firmware of the machine.",
      {}};
  return cause;
}

/// "TPM2_Quote, TPM2_Certify, TPM2_GetTime or a similar command": who reads it wants no full list.
std::string names_of(std::span<const std::uint32_t> commands) {
  constexpr std::size_t kMostNames = 3;
  std::string names;
  for (const std::uint32_t code : commands.first(std::min(commands.size(), kMostNames))) {
    const CommandInfo* command = knowledge::find_command(code);
    if (command == nullptr) continue;
    if (!names.empty()) names += ", ";
    names += full_name(*command);
  }
  return commands.size() > kMostNames ? names + " or a similar command" : names;
}

ExplainedCause explained(const Cause& cause, bool command_known) {
  return {cause.cause_class, std::string(cause.summary), std::string(cause.confirm),
          std::string(cause.fix), command_known ? std::string{} : names_of(cause.when.commands)};
}

/// Whether a word that speaks for the cause was found nearby.
bool is_spoken_for(const Cause& cause, const ContextWords& nearby) {
  return std::ranges::any_of(cause.when.context,
                             [&](std::size_t word) { return nearby.test(word); });
}

/// How well a cause fits what is known; one that only the words speak for beats all others.
int fit(const Cause& cause, const CommandInfo* command, const ContextWords& nearby) {
  const int words = is_spoken_for(cause, nearby) ? 4 : 0;
  if (command == nullptr) return words;
  return words + (cause.when.commands.empty() ? 0 : 2) + (cause.when.name.empty() ? 0 : 1);
}

/// The causes that can be, those for just this command and field before the general ones.
std::vector<const Cause*> ranked_causes(const knowledge::CodeInfo& info, const DecodedRc& decoded,
                                        const CommandInfo* command, const ContextWords& nearby) {
  std::vector<const Cause*> causes;
  for (const Cause& cause : info.causes) {
    if (knowledge::applies(cause, decoded, command)) causes.push_back(&cause);
  }
  // Nothing at all says which command it was: what holds of every command goes first.
  const bool bare = command == nullptr && decoded.format == RcFormat::format1 &&
                    decoded.where == knowledge::RcPosition{};
  const auto is_general = [](const Cause* cause) { return cause->when.commands.empty(); };
  if (bare) std::ranges::stable_partition(causes, is_general);
  std::ranges::stable_sort(causes, std::greater{},
                           [&](const Cause* cause) { return fit(*cause, command, nearby); });
  return causes;
}

/// A cause that is certain in this context may change how bad the code is.
RcSeverity severity_of(RcSeverity usual, const std::vector<const Cause*>& causes,
                       const CommandInfo* command, const ContextWords& nearby) {
  if (causes.empty() || !causes.front()->severity) return usual;
  const Cause& first = *causes.front();
  const bool certain = first.when.context.empty()
                           ? command != nullptr || first.when.commands.empty()
                           : is_spoken_for(first, nearby);
  return certain ? *first.severity : usual;
}

void add_knowledge(Explanation& explanation, const knowledge::CodeInfo& info,
                   const ContextWords& nearby) {
  const auto causes = ranked_causes(info, explanation.decoded, explanation.command, nearby);
  explanation.severity = severity_of(info.severity, causes, explanation.command, nearby);
  explanation.meaning = info.meaning;
  explanation.known = true;
  for (const Cause* cause : causes) {
    explanation.causes.push_back(explained(*cause, explanation.command != nullptr));
  }
}

/// Only where no code of that number is known can a command code be told without the command.
const CommandInfo* echoed_command(const DecodedRc& decoded, const CommandInfo* command,
                                  const knowledge::CodeInfo* info) {
  if (command != nullptr) return command->code == decoded.value ? command : nullptr;
  const bool could_be_unknown_error = decoded.format == RcFormat::format0_error && info == nullptr;
  return could_be_unknown_error ? knowledge::find_command(decoded.value) : nullptr;
}

}  // namespace

Explanation explain(std::uint32_t rc, const CommandInfo* command, const ContextWords& nearby) {
  Explanation explanation;
  explanation.decoded = knowledge::decode_rc(rc);
  explanation.command = command;
  explanation.severity = explanation.decoded.severity;
  explanation.symbol = knowledge::symbol_of(explanation.decoded);
  if (command != nullptr) {
    explanation.place_name = knowledge::place_name(*command, explanation.decoded.where);
  }
  const knowledge::CodeInfo* info = knowledge::find_code(explanation.decoded);
  if (info != nullptr) add_knowledge(explanation, *info, nearby);
  if (explanation.decoded.format == RcFormat::success) explanation.known = true;
  if (!explanation.known) explanation.meaning = describe_bits(explanation.decoded);
  if (const CommandInfo* echoed = echoed_command(explanation.decoded, command, info)) {
    explanation.echo = true;
    explanation.known = true;
    explanation.command = echoed;
    explanation = with_known_cause(std::move(explanation), echo_cause());
  }
  explanation.sentence = first_sentence(explanation, info);
  return explanation;
}

Explanation explain(const knowledge::MessageInfo& message, const ContextWords& nearby) {
  std::vector<const Cause*> causes;
  for (const Cause& cause : message.causes) causes.push_back(&cause);
  std::ranges::stable_sort(causes, std::greater{},
                           [&](const Cause* cause) { return fit(*cause, nullptr, nearby); });
  Explanation explanation;
  explanation.message = &message;
  explanation.symbol = message.symbol;
  explanation.severity = severity_of(message.severity, causes, nullptr, nearby);
  explanation.sentence = message.sentence;
  explanation.meaning = message.meaning;
  explanation.known = true;
  for (const Cause* cause : causes) explanation.causes.push_back(explained(*cause, true));
  return explanation;
}

Explanation with_known_cause(Explanation explanation, ExplainedCause cause) {
  explanation.causes.insert(explanation.causes.begin(), std::move(cause));
  return explanation;
}

std::string one_line(const Explanation& explanation) {
  return explanation.sentence;
}

const ExplainedCause* first_cause(const Explanation& explanation) {
  return explanation.causes.empty() ? nullptr : &explanation.causes.front();
}

std::string first_fix(const Explanation& explanation) {
  const ExplainedCause* cause = first_cause(explanation);
  return cause != nullptr ? cause->fix : std::string{};
}

std::string full_name(const CommandInfo& command) {
  return "TPM2_" + std::string(command.name);
}

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
      return "The TPM answered like a TPM 1.2";
    default:
      return tpm_predicate(explanation);
  }
}

std::string echo_sentence(const Explanation& explanation) {
  return fmt::format(
      "{:#x} is the command code of {} itself: most likely no response was written and the command "
      "was read back{}.",
      explanation.decoded.value, full_name(*explanation.command),
      explanation.symbol.empty() ? "" : "; otherwise it is " + explanation.symbol);
}

/// What is wrong with a code that nobody can have sent.
std::string undefined_reason(const DecodedRc& decoded) {
  if ((decoded.value >> 24U) != 0) return "bits 24 to 31 are always 0";
  if (decoded.layer == RcLayer::unknown) {
    return fmt::format("layer {} does not belong to any TSS software", decoded.layer_number);
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
      return "a code that this software defines for itself";
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
      return "The TCTI, the connection to the TPM,";
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
