// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <concepts>
#include <type_traits>

#include "explain/explanation.h"
#include "knowledge/algorithms.h"
#include "knowledge/handles.h"
#include "knowledge/properties.h"
#include "knowledge/text.h"
#include "reports/model.h"
#include "reports/summary.h"

/// The one table of what is in a report, a row for each member in the order of its JSON form.
/// Writer, reader, redaction and cleaning walk it: a new member is one row here (and its words in
/// the schema). A visitor has a function for each kind of row:
///
///   id            what a result is about; its text is cleaned, never redacted
///   name          a text of ours or of the TPM: id, title, version. Cleaned, never redacted
///   words         a text that may quote the machine or what was typed. Cleaned and redacted
///   either        words in whose place others are written if they are not there; a reader fills
///   the first named_words   names with their words, as one object value         a number or a
///   truth value milliseconds  a time, to the microsecond hex           a number as "0x..." with so
///   many digits at least hex_list      a list of these octets, bits  octets as digits; the numbers
///   of the bits that are set in them word          a value of a closed list (knowledge/words.h)
///   object, list  what has members itself: by `members` of its type, or by the rows given
///   derived       what follows from the rest: written, never read
///   only_if       rows that are left out where the condition does not hold
namespace tpmprobe::reports {

/// Hexadecimal digits at least: of a response code, TPM_CC or TPM_PT, of a 16-bit id, of 32 bits.
inline constexpr int kCodeDigits = 3, kIdDigits = 4, kWordDigits = 8;

/// Version of the JSON form: a minor step only adds keys, everything else is a major step.
inline constexpr std::string_view kReportSchemaVersion = "1.0";

/// `T` or `const T`: the writer's values are const.
template <typename T, typename Value>
concept Some = std::same_as<std::remove_const_t<T>, Value>;

/// The name in a row of knowledge; nullopt if there is no such row.
template <typename Info>
std::optional<std::string> name_in(const Info* info) {
  return info != nullptr ? std::optional<std::string>(info->name) : std::nullopt;
}

/// "TPM2_Sign" of a TPM_CC.
inline std::optional<std::string> command_name(std::uint32_t code) {
  const auto* command = knowledge::find_command(code);
  return command != nullptr ? std::optional(explain::full_name(*command)) : std::nullopt;
}

template <typename Visitor, Some<Invocation> T>
void members(Visitor& row, T& invocation) {
  row.words("argv", invocation.argv);
  row.name("started", invocation.started);
  row.milliseconds("duration_ms", invocation.duration_ms);
  row.value("exit_code", invocation.exit_code);
}

template <typename Visitor, Some<Host> T>
void members(Visitor& row, T& host) {
  row.words("kernel", host.kernel);
  row.words("distribution", host.distribution);
  row.name("architecture", host.architecture);
  row.named_words("packages", host.packages);
}

template <typename Visitor, Some<Emulation> T>
void members(Visitor& row, T& emulation) {
  row.words("firmware", emulation.firmware);
  row.words("quirks", emulation.quirks);
  row.words("missing", emulation.missing);
}

template <typename Visitor, Some<HierarchyState> T>
void members(Visitor& row, T& hierarchy) {
  row.name("name", hierarchy.name);
  row.value("enabled", hierarchy.enabled);
  row.value("auth_set", hierarchy.auth_set);
}

template <typename Visitor, Some<LockoutState> T>
void members(Visitor& row, T& lockout) {
  row.value("in_lockout", lockout.in_lockout);
  row.value("lockout_auth_set", lockout.lockout_auth_set);
  row.value("counter", lockout.counter);
  row.value("max_tries", lockout.max_tries);
  row.value("interval_s", lockout.interval_s);
  row.value("recovery_s", lockout.recovery_s);
  row.derived("words", [&] { return lockout_in_words(lockout); });
}

template <typename Visitor, Some<FailureMode> T>
void members(Visitor& row, T& failure) {
  row.hex("test_result", failure.test_result, kCodeDigits);
  row.octets("out_data", failure.out_data);
}

/// The TPM, and what it pretends in between.
template <typename Visitor, typename T, typename Pretended>
void identity_members(Visitor& row, T& tpm, Pretended& emulation) {
  row.name("manufacturer", tpm.manufacturer);
  row.name("vendor_string", tpm.vendor_string);
  row.name("firmware", tpm.firmware);
  row.name("spec_revision", tpm.spec_revision);
  row.words("transport", tpm.transport);
  row.value("reset_count", tpm.reset_count);
  row.name("owner_primary_name", tpm.owner_primary_name);
  row.object("emulation", emulation);
  row.name("manufacturer_name", tpm.manufacturer_name);
  row.name("spec_date", tpm.spec_date);
  row.name("spec_level", tpm.spec_level);
  row.value("fips_140_2", tpm.fips_140_2);
  row.name("ptp", tpm.ptp);
  row.word("kind", tpm.kind);
  row.words("kind_reason", tpm.kind_reason);
  row.list("hierarchies", tpm.hierarchies);
  row.object("lockout", tpm.lockout);
  row.object("failure_mode", tpm.failure_mode);
}

template <typename Visitor, Some<knowledge::AlgorithmEntry> T>
void members(Visitor& row, T& entry) {
  row.hex("id", entry.id, kIdDigits);
  row.derived("name", [&] { return name_in(knowledge::find_algorithm(entry.id)); });
  row.hex("attributes", entry.attributes, kWordDigits);
}

template <typename Visitor, Some<knowledge::PcrBank> T>
void members(Visitor& row, T& bank) {
  row.hex("id", bank.hash, kIdDigits);
  row.derived("name", [&] { return name_in(knowledge::find_algorithm(bank.hash)); });
  row.bits("pcrs", bank.select);
}

template <typename Visitor, Some<knowledge::Property> T>
void members(Visitor& row, T& property) {
  row.hex("id", property.tag, kCodeDigits);
  row.derived("name", [&]() -> std::optional<std::string> {
    const auto* info = knowledge::find_property(property.tag);
    return info != nullptr ? std::optional<std::string>(info->symbol) : std::nullopt;
  });
  row.value("value", property.value);
  row.derived("hex", [&] { return knowledge::hex(property.value, kWordDigits); });
}

template <typename Visitor, Some<knowledge::HandleLists> T>
void members(Visitor& row, T& handles) {
  row.hex_list("nv_index", handles.nv_index, kWordDigits);
  row.hex_list("loaded_session", handles.loaded_session, kWordDigits);
  row.hex_list("saved_session", handles.saved_session, kWordDigits);
  row.hex_list("permanent", handles.permanent, kWordDigits);
  row.hex_list("transient", handles.transient, kWordDigits);
  row.hex_list("persistent", handles.persistent, kWordDigits);
}

template <typename Visitor, Some<knowledge::Capabilities> T>
void members(Visitor& row, T& known) {
  row.list("algorithms", known.algorithms);
  row.list("curves", known.curves, [&](auto& id) {
    row.hex("id", id, kIdDigits);
    row.derived("name", [&] { return name_in(knowledge::find_curve(id)); });
  });
  // TPMA_CC (Part 2, 8.9): commandIndex and the vendor bit are the command code.
  row.list("commands", known.commands, [&](auto& attributes) {
    const auto code = [&] { return attributes & knowledge::kCommandOfAttributes; };
    row.derived("id", [&] { return knowledge::hex(code(), kCodeDigits); });
    row.derived("name", [&] { return command_name(code()); });
    row.hex("attributes", attributes, kWordDigits);
  });
  row.list("pcr_banks", known.pcr_banks);
  row.list("properties_fixed", known.properties_fixed);
  row.list("properties_variable", known.properties_variable);
  row.object("handles", [&] { members(row, known.handles); });
}

/// What a probe knows goes before what is true in general.
template <typename Visitor, Some<ReportedResult> T>
void members(Visitor& row, T& reported) {
  auto& result = reported.result;
  row.id("id", result.id);
  row.name("title", result.title);
  row.word("verdict", result.verdict);
  row.milliseconds("duration_ms", result.duration_ms);
  row.value("tpm_commands", result.tpm_commands);
  row.milliseconds("tpm_ms", result.tpm_ms);
  row.words("expected", result.expected);
  row.words("actual", result.actual);
  row.hex("rc", result.rc, kCodeDigits);
  row.object("command", result.command, [&](auto& code) {
    row.hex("id", code, kCodeDigits);
    row.derived("name", [&] { return command_name(code); });
  });
  row.either("explanation", reported.explanation, result.cause);
  row.either("advice", result.advice, reported.advice);
  row.name("quirk", result.quirk);
  row.words("verified_by", result.verified_by);
  row.name("evidence", result.evidence);
  row.only_if(result.layer.has_value(), [&] { row.name("layer", result.layer); });
  row.only_if(!result.lines.empty(), [&] { row.words("lines", result.lines); });
}

template <typename Visitor, Some<Use> T>
void members(Visitor& row, T& use) {
  row.name("id", use.id);
  row.name("title", use.title);
  row.word("verdict", use.verdict);
  row.words("reasons", use.reasons);
}

template <typename Visitor, Some<Finding> T>
void members(Visitor& row, T& finding) {
  row.name("id", finding.id);
  row.word("severity", finding.severity);
  row.name("title", finding.title);
  row.words("diagnosis", finding.diagnosis);
  row.words("advice", finding.advice);
  row.name("probes", finding.probes);
}

template <typename Visitor, Some<Advice> T>
void members(Visitor& row, T& advice) {
  row.name("use", advice.use);
  row.words("text", advice.text);
}

template <typename Visitor, Some<Report> T>
void members(Visitor& row, T& report) {
  row.derived("schema_version", [] { return std::string(kReportSchemaVersion); });
  row.object("tool", [&] {
    row.derived("name", [] { return std::string("tpmprobe"); });
    row.name("version", report.tool_version);
  });
  row.object("invocation", [&] { members(row, report.invocation); });
  row.object("host", [&] { members(row, report.host); });
  row.object("tpm", [&] { identity_members(row, report.tpm, report.emulation); });
  row.object("capabilities", report.capabilities);
  row.list("results", report.results);
  row.list("uses", report.uses);
  row.list("findings", report.findings);
  row.object("summary", [&] {
    row.object("counts", [&] {
      for (const auto& [verdict, word] : kVerdictWords) {
        row.derived(word, [&] { return count(report, verdict); });
      }
    });
    row.list("recommended", report.recommended);
    row.list("avoid", report.avoid);
  });
}

}  // namespace tpmprobe::reports
