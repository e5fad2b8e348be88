// SPDX-License-Identifier: BSD-2-Clause
#include "suites/emulator/report_support.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "cli/report/report.h"
#include "emulator/quirk/quirk_layer.h"
#include "probes/catalogue.h"
#include "reports/json/json_report.h"
#include "suites/emulator/quirk_support.h"
#include "suites/support/waiting.h"
#include "tpm/layers/layer.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::suites {
namespace {

/// The TPM of a test, which outlives the run.
class Borrowed final : public tpm::Transport {
 public:
  explicit Borrowed(tpm::Transport& tpm) : tpm_(tpm) {}
  Expected<Bytes> transmit(ByteView command, tpm::TimePoint deadline) override {
    return tpm_.transmit(command, deadline);
  }

 private:
  tpm::Transport& tpm_;
};

/// The wire: everything that leaves a run passes here, whatever quirks are below.
class Wire final : public tpm::Layer {
 public:
  Wire(tpm::TransportPtr below, const RunSpec& spec, std::vector<Sent>& sent,
       std::atomic<bool>& interrupted)
      : Layer(std::move(below)), spec_(spec), sent_(sent), interrupted_(interrupted) {}

  Expected<void> carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) override {
    sent_.push_back({exchange.code(), 0});
    if (spec_.sent) spec_.sent(sent_.size());
    if (sent_.size() == spec_.interrupt_at) interrupted_ = true;
    auto carried = below().carry(exchange, deadline);
    if (carried) sent_.back().rc = exchange.rc();
    return carried;
  }

 private:
  const RunSpec& spec_;
  std::vector<Sent>& sent_;
  std::atomic<bool>& interrupted_;
};

cli::ReportOptions options_of(const RunSpec& spec) {
  cli::ReportOptions options;
  auto selected = probes::select({spec.only, spec.skip, spec.quick});
  if (!selected) ADD_FAILURE() << "no such probe: " << selected.error();
  if (selected) options.probes = std::move(*selected);
  options.quick = spec.quick;
  options.flush_leftovers = spec.flush_leftovers;
  options.known_quirks = spec.known;
  return options;
}

cli::Target target_of(tpm::Transport& tpm, const RunSpec& spec, std::vector<Sent>& sent,
                      std::atomic<bool>& interrupted) {
  cli::Target target;
  target.clock = std::make_unique<tpm::VirtualClock>();
  auto emulation =
      emulator::emulate(std::make_unique<Borrowed>(tpm), spec.emulation, *target.clock);
  if (!emulation) ADD_FAILURE() << emulation.error().message;
  auto quirk = std::make_unique<emulator::QuirkLayer>(
      std::move(emulation->top), std::vector<emulator::Quirk>{quirk_of(spec.rules)}, *target.clock);
  target.transport = std::make_unique<Wire>(std::move(quirk), spec, sent, interrupted);
  target.name = "embedded";
  target.lock_key = spec.lock_key;
  target.emulated = spec.lock_key.empty();
  return target;
}

template <typename List, typename Id>
const auto& find_by(const List& list, std::string_view id, const char* what, Id&& id_of) {
  static const typename List::value_type kNone{};
  const auto found =
      std::ranges::find_if(list, [&](const auto& candidate) { return id_of(candidate) == id; });
  if (found != list.end()) return *found;
  ADD_FAILURE() << "no " << what << " " << id;
  return kNone;
}

}  // namespace

Outcome run_report(tpm::Transport& tpm, const RunSpec& spec) {
  Outcome outcome;
  std::atomic<bool> interrupted = spec.interrupt_at == 0;
  auto target = target_of(tpm, spec, outcome.wire, interrupted);
  std::istringstream in;
  std::ostringstream out, err;
  cli::Console console{in, out, err, false, false, {}, {}};
  outcome.report = cli::run_probes(target, options_of(spec), {}, interrupted, console);
  EXPECT_EQ(out.str(), "") << "the run itself writes no report";
  outcome.progress = err.str();
  return outcome;
}

const reports::ReportedResult& reported(const reports::Report& report, std::string_view id) {
  return find_by(report.results, id, "result",
                 [](const auto& reported) { return to_string(reported.result.id); });
}

const Result& result_of(const reports::Report& report, std::string_view id) {
  return reported(report, id).result;
}

const reports::Use& use_of(const reports::Report& report, std::string_view id) {
  return find_by(report.uses, id, "use", [](const auto& use) -> const auto& { return use.id; });
}

const reports::Finding& finding_of(const reports::Report& report, std::string_view id) {
  return find_by(report.findings, id, "finding",
                 [](const auto& finding) -> const auto& { return finding.id; });
}

std::vector<std::string> findings(const reports::Report& report) {
  std::vector<std::string> ids;
  for (const auto& finding : report.findings) ids.push_back(finding.id);
  return ids;
}

std::vector<std::string> troubles(const reports::Report& report) {
  std::vector<std::string> ids;
  for (const auto& [result, explanation, advice] : report.results) {
    const bool fine = result.verdict == Verdict::pass || result.verdict == Verdict::unsupported;
    if (!fine) ids.push_back(to_string(result.id));
  }
  return ids;
}

std::vector<std::string> with_verdict(const reports::Report& report, Verdict verdict) {
  std::vector<std::string> ids;
  for (const auto& reported : report.results) {
    if (reported.result.verdict == verdict) ids.push_back(to_string(reported.result.id));
  }
  return ids;
}

std::vector<std::string> uses_of(const std::vector<reports::Advice>& list) {
  std::vector<std::string> uses;
  for (const auto& advice : list) uses.push_back(advice.use);
  return uses;
}

std::string outline(const reports::Report& report) {
  auto text = fmt::format("  exit code {}\n", report.invocation.exit_code);
  for (const auto& finding : report.findings) {
    text += fmt::format("  finding {}: {} [{}]\n", finding.id, finding.diagnosis,
                        fmt::join(finding.probes, " "));
  }
  for (const auto& reported : report.results) {
    const auto& result = reported.result;
    if (result.verdict == Verdict::pass || result.verdict == Verdict::unsupported) continue;
    text += fmt::format("  {} {}: {} (0x{:x})\n", to_string(result.verdict), to_string(result.id),
                        result.actual, result.rc.value_or(0));
  }
  return text;
}

std::string json_of(const reports::Report& report) {
  std::ostringstream out;
  reports::write_json(report, out);
  return out.str();
}

std::string schema_errors(const std::vector<reports::Report>& reports) {
  auto directory = tpm::PrivateDirectory::create();
  if (!directory) return directory.error().message;
  std::vector<std::string> words{"python3", "-B", TPMPROBE_SOURCE_DIR "/suites/golden/validate.py"};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    words.push_back(directory->path() / fmt::format("{}.json", i));
    std::ofstream(words.back()) << json_of(reports[i]);
  }
  const auto ended = tpm::run_process(words, patiently());
  if (!ended) return ended.error().message;
  return ended->status.succeeded() ? "" : ended->output + ended->errors;
}

void ReportTest::SetUp() {
  auto tpm = emulator::EmbeddedTpm::create();
  ASSERT_TRUE(tpm) << tpm.error().message;
  tpm_ = std::move(*tpm);
}

void ReportTest::TearDown() {
  std::vector<reports::Report> reports;
  for (const auto& outcome : outcomes_) reports.push_back(outcome->report);
  if (reports.empty()) return;
  EXPECT_EQ(schema_errors(reports), "");
  for (std::size_t i = 0; HasFailure() && i < reports.size(); ++i) {
    fmt::print(stderr, "report {}:\n{}", i, outline(reports[i]));
  }
}

const Outcome& ReportTest::run(const RunSpec& spec) {
  outcomes_.push_back(std::make_unique<Outcome>(run_report(*tpm_, spec)));
  return *outcomes_.back();
}

Bytes ReportTest::send(const Bytes& command) {
  auto response = tpm_->transmit(command, tpm::kNoDeadline);
  EXPECT_TRUE(response);
  return response.value_or(Bytes{});
}

std::uint32_t ReportTest::code(const Bytes& command) {
  return knowledge::response_code(send(command));
}

std::uint32_t ReportTest::property(std::uint32_t tag) {
  constexpr std::uint32_t kProperties = 6;  // TPM_CAP_TPM_PROPERTIES
  const Bytes command = get_capability(kProperties, tag, 1);
  const auto pair = integers(command, send(command), "UINT32");
  return pair.empty() ? 0 : static_cast<std::uint32_t>(pair.back());
}

std::vector<std::uint64_t> ReportTest::handles(std::uint32_t first) {
  constexpr std::uint32_t kHandles = 1;  // TPM_CAP_HANDLES
  const Bytes command = get_capability(kHandles, first, 100);
  return integers(command, send(command), "TPM_HANDLE");
}

void ReportTest::load_foreign_object() {
  // A P-256 storage key in the null hierarchy with noDA.
  const Bytes create =
      authorized(0x131, "40000007",
                 "0004 0000 0000 001a 0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010"
                 "0000 0000 0000 00000000");
  ASSERT_EQ(code(create), 0U);
}

}  // namespace tpmprobe::suites
