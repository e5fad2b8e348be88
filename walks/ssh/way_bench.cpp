// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/way_bench.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <sys/random.h>

#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "probes/hex_digits.h"

namespace tpmprobe::walks {
namespace {

constexpr std::size_t kMostLines = 60;
const tpm::SystemClock kClock;

/// Of a Python program's end only the last line is for a person; it quotes what tpm2-tools wrote.
std::string without_traceback(const std::string& text) {
  std::istringstream stream(text);
  std::string kept;
  for (std::string line; std::getline(stream, line);) {
    const bool is_frame = line.starts_with("  ") || line.starts_with("Traceback (most recent");
    if (!is_frame) kept.append(line).append(1, '\n');
  }
  constexpr std::string_view kQuotedEnd = "\\n";
  for (auto at = kept.find(kQuotedEnd); at != std::string::npos; at = kept.find(kQuotedEnd)) {
    kept = fmt::format("{}\n{}", kept.substr(0, at), kept.substr(at + kQuotedEnd.size()));
  }
  return kept;
}

}  // namespace

std::vector<std::string> lines_without(const std::string& text,
                                       const std::vector<std::string>& secrets) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    for (const auto& secret : secrets) {
      for (auto at = line.find(secret); at != std::string::npos; at = line.find(secret)) {
        line = fmt::format("{}(PIN){}", line.substr(0, at), line.substr(at + secret.size()));
      }
    }
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

std::string random_word(std::size_t octets) {
  Bytes random(octets);
  static_cast<void>(::getrandom(random.data(), random.size(), 0));
  return probes::hex_digits(random);
}

ChildEnvironment with(ChildEnvironment environment, const std::string& name, std::string value) {
  std::erase_if(environment, [&](const auto& entry) { return entry.first == name; });
  environment.emplace_back(name, std::move(value));
  return environment;
}

WayStep::WayStep(WayBench& bench, ProbeId id, std::string title, std::string expected)
    : bench_(bench), begin_(tpm::read_journal(bench.journal).size()), start_(kClock.now()) {
  result_.id = std::move(id);
  result_.title = std::move(title);
  result_.expected = std::move(expected);
  if (bench_.starting) bench_.starting(result_.id);
}

bool WayStep::run(const std::vector<std::string>& argv, const ChildEnvironment& environment) {
  tpm::ProcessOptions options;
  // What a program that is killed leaves among the temporary files goes with the folder.
  options.environment = with(environment, "TMPDIR", bench_.folder);
  options.directory = bench_.folder;
  constexpr std::chrono::seconds kLongest(600);  // key generation on slow hardware
  options.timeout = kLongest;
  options.stop = &bench_.interrupted;
  const auto run = tpm::run_process(argv, options);
  output_ = run ? run->output : "";
  add_lines(run ? run->errors : run.error().message);
  if (run && !run->status.succeeded()) add_lines(run->output);
  return run && run->status.succeeded();
}

void WayStep::add_lines(const std::string& text) {
  for (auto& line : lines_without(without_traceback(text), {})) {
    if (result_.lines.size() < kMostLines) result_.lines.push_back(std::move(line));
  }
}

std::vector<tpm::JournalEntry> WayStep::exchanges() const {
  return tpm::read_journal(bench_.journal, begin_);
}

bool WayStep::has_wrong_authorization() const {
  return std::ranges::any_of(exchanges(), [](const tpm::JournalEntry& entry) {
    const auto code = knowledge::decode_rc(entry.rc).base;
    return entry.failed() && (code == knowledge::rc::kAuthFail || code == knowledge::rc::kBadAuth);
  });
}

void WayStep::pass(std::string actual) {
  result_.verdict = Verdict::pass;
  result_.actual = std::move(actual);
  result_.lines.clear();
}

void WayStep::fail(std::string_view program, std::string actual) {
  if (bench_.interrupted) return block("the run was stopped during this step");
  const auto traffic = exchanges();
  auto found = blame({program, result_.lines, traffic});
  result_.verdict = found.verdict;
  result_.layer = std::move(found.layer);
  result_.rc = found.rc;
  result_.command = found.command;
  result_.cause = std::move(found.cause);
  result_.advice = std::move(found.advice);
  result_.actual = fmt::format("{} (layer: {})", actual, *result_.layer);
}

void WayStep::block(std::string actual) {
  result_.verdict = Verdict::blocked;
  result_.actual = std::move(actual);
}

bool WayStep::finish() {
  const auto traffic = exchanges();
  result_.tpm_commands = static_cast<int>(traffic.size());
  for (const auto& entry : traffic) result_.tpm_ms += entry.milliseconds;
  result_.duration_ms = tpm::milliseconds(kClock.now() - start_);
  const bool passed = result_.verdict == Verdict::pass;
  if (bench_.finished) bench_.finished(result_);
  bench_.results.push_back(std::move(result_));
  return passed;
}

}  // namespace tpmprobe::walks
