// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/layer.h"

#include <algorithm>
#include <array>

#include "explain/read/find_message.h"
#include "knowledge/command_codes.h"
#include "knowledge/messages.h"
#include "probes/judge.h"

namespace tpmprobe::walks {
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

}  // namespace tpmprobe::walks
