// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/walk_bench.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <sys/random.h>

#include "explain/read/messages.h"
#include "knowledge/command_codes.h"
#include "knowledge/messages.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "probes/hex_digits.h"
#include "probes/judge.h"
#include "tpm/posix/process.h"

namespace tpmprobe::walks {
namespace {

constexpr std::array kLogin{
    WayProgram{"sshd", "openssh-server"},
    WayProgram{"ssh", "openssh-client"},
    WayProgram{"ssh-keygen", "openssh-client"},
};

constexpr std::array kPkcs11{
    WayProgram{"tpm2_ptool", "libtpm2-pkcs11-tools"}, WayProgram{"tpm2-abrmd", "tpm2-abrmd"},
    WayProgram{"dbus-daemon", "dbus-daemon"},         WayProgram{"dbus-send", "dbus-bin"},
    WayProgram{"ssh-agent", "openssh-client"},        WayProgram{"ssh-add", "openssh-client"},
};

// Debian's multi-arch folders, then the others'.
constexpr std::array kLibraryFolders{"/usr/lib/x86_64-linux-gnu",
                                     "/usr/lib/aarch64-linux-gnu",
                                     "/usr/lib/arm-linux-gnueabihf",
                                     "/usr/lib/riscv64-linux-gnu",
                                     "/usr/lib64",
                                     "/usr/lib",
                                     "/usr/local/lib"};

}  // namespace

std::span<const WayProgram> pkcs11_programs() {
  return kPkcs11;
}

std::span<const WayProgram> login_programs() {
  return kLogin;
}

std::optional<std::string> missing_program(std::span<const WayProgram> programs) {
  for (const auto& program : programs) {
    if (tpm::find_program(program.name)) continue;
    return fmt::format("{} is not installed (package {})", program.name, program.package);
  }
  return std::nullopt;
}

std::optional<std::string> pkcs11_module() {
  for (const auto* folder : kLibraryFolders) {
    for (const auto* name : {"pkcs11/libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1"}) {
      const auto path = std::filesystem::path(folder) / name;
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) return path;
    }
  }
  return std::nullopt;
}

namespace {

namespace cc = knowledge::cc;

/// What is known of the middleware: these end so on every TPM.
struct KnownLimit {
  std::string_view message;  ///< id in knowledge/messages
  std::string_view layer;
};

constexpr std::array kLimits{KnownLimit{"ptool-no-p521", "tpm2_ptool"},
                             KnownLimit{"ssh-unknown-key-type", "OpenSSH"},
                             KnownLimit{"ssh-too-many-keys", "OpenSSH"}};

/// Asked only to find out what there is: a refusal answers the question.
bool only_asks(std::uint32_t command) {
  constexpr std::array kQuestions{cc::kReadPublic, cc::kNvReadPublic, cc::kGetCapability,
                                  cc::kTestParms, cc::kStartup};
  return std::ranges::find(kQuestions, command) != kQuestions.end();
}

const tpm::JournalEntry* decisive(std::span<const tpm::JournalEntry> exchanges) {
  const auto found =
      std::find_if(exchanges.rbegin(), exchanges.rend(), [](const tpm::JournalEntry& entry) {
        return (entry.failed() && !only_asks(entry.command)) || entry.refused();
      });
  return found == exchanges.rend() ? nullptr : &*found;
}

std::optional<Blame> known_limit(std::span<const std::string> lines) {
  for (const auto& line : lines) {
    const auto* message = explain::find_message(line);
    if (message == nullptr) continue;
    const auto limit = std::ranges::find(kLimits, message->id, &KnownLimit::message);
    if (limit == kLimits.end()) continue;
    Blame result{std::string(limit->layer), Verdict::unsupported, {}, {}, {}, {}};
    result.cause = std::string(message->sentence.substr(0, message->sentence.size() - 1));
    if (!message->causes.empty()) result.advice = std::string(message->causes.front().fix);
    return result;
  }
  return std::nullopt;
}

Blame answered(const tpm::JournalEntry& entry) {
  Error error;
  error.kind = Error::Kind::tpm;
  error.rc = entry.rc;
  error.command = entry.command;
  if (entry.refused()) {
    Blame result{"tpmprobe", Verdict::blocked, {}, entry.command, {}, {}};
    result.cause = "the guard of this run refused the command";
    return result;
  }
  // To be refused at the making is honest; a key that was made and cannot sign is the trap.
  const bool makes = entry.command == cc::kCreate || entry.command == cc::kCreatePrimary ||
                     entry.command == cc::kImport;
  const Verdict verdict = probes::verdict_of(error);
  const bool trap = verdict == Verdict::unsupported && !makes;
  return {"TPM", trap ? Verdict::fail : verdict, entry.rc, entry.command, {}, {}};
}

bool any_contains(std::span<const std::string> lines, std::string_view text) {
  return std::ranges::any_of(
      lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
}

std::string layer_by_text(const FailedStep& step) {
  for (const auto* broker : {"tabrmd", "GDBus", "com.intel.tss2"}) {
    if (any_contains(step.lines, broker)) return "tpm2-abrmd";
  }
  for (const auto* library : {":esys:", ":tcti:", ":sys:", ":fapi:"}) {
    if (any_contains(step.lines, library)) return "tss2";
  }
  if (step.program == "tpm2_ptool") return "tpm2_ptool";
  for (const auto* module : {"C_Sign", "C_Login", "C_Initialize", "C_GetSlotList"}) {
    if (any_contains(step.lines, module)) return "tpm2-pkcs11";
  }
  return "OpenSSH";
}

}  // namespace

Blame blame(const FailedStep& step) {
  if (auto limit = known_limit(step.lines)) return *limit;
  if (const auto* entry = decisive(step.exchanges)) return answered(*entry);
  return {layer_by_text(step), Verdict::fail, {}, {}, {}, {}};
}

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
