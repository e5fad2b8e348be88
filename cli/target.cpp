// SPDX-License-Identifier: BSD-2-Clause
// Which TPM a command talks to. First what an emulated one shall pretend, from words to what the
// emulator takes (read_emulation); then the words for all TPMs (read_target); then open_target(),
// which looks for the TPM in the order that its header tells.
#include "cli/target.h"

#include <filesystem>
#include <string_view>

#include <fmt/ostream.h>

#include "cli/arguments.h"
#include "cli/terminal/text_file.h"
#include "emulator/embedded_tpm.h"
#include "tpm/transport/open.h"

namespace tpmprobe::cli {
namespace {

template <typename T>
using OrLine = tl::expected<T, std::string>;

std::string line_of(const std::string& file, const knowledge::DocumentError& error) {
  return error.pointer.empty() ? fmt::format("{}: {}", file, error.reason)
                               : fmt::format("{}: {}: {}", file, error.pointer, error.reason);
}

/// What no catalogue knows by name may be a file; else it is a name that was misspelt.
tl::unexpected<std::string> unknown(std::string_view what, const std::string& word,
                                    const std::vector<std::string_view>& names) {
  constexpr std::size_t kMost = 4;
  const auto near = near_words(word, names, kMost);
  return tl::unexpected(fmt::format("unknown {} \"{}\", and no file has that name; {}", what, word,
                                    near.empty()
                                        ? "tpmprobe emulator --list shows all names"
                                        : fmt::format("close: {}", fmt::join(near, ", "))));
}

bool looks_like_file(const std::string& word) {
  std::error_code ignored;
  return word.find('/') != std::string::npos || std::filesystem::exists(word, ignored);
}

/// Reads a file by `read`, which gives a value or a DocumentError.
template <typename Read>
auto from_file(const std::string& file, Read&& read)
    -> OrLine<typename decltype(read(std::string_view{}))::value_type> {
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(fmt::format("{}: {}", file, text.error()));
  return read(std::string_view(*text)).map_error([&](const auto& error) {
    return line_of(file, error);
  });
}

OrLine<knowledge::FirmwareProfile> choose_firmware(const std::string& word) {
  if (auto known = knowledge::find_firmware(word)) return std::move(*known);
  if (!looks_like_file(word)) return unknown("firmware", word, knowledge::firmware_names());
  return from_file(word, knowledge::read_any_profile);
}

std::vector<std::string_view> quirk_words() {
  std::vector<std::string_view> words;
  for (const auto& quirk : knowledge::quirks()) {
    words.push_back(quirk.id);
    words.push_back(quirk.name);
  }
  return words;
}

OrLine<knowledge::Quirk> choose_quirk(const std::string& word) {
  if (const auto* known = knowledge::find_quirk(word)) return *known;
  if (!looks_like_file(word)) return unknown("quirk", word, quirk_words());
  return from_file(word, knowledge::read_quirk);
}

using TargetOr = tl::expected<Target, NoTarget>;

constexpr const char* kEmulatedHint =
    "hint: `--emulated` uses the TPM inside tpmprobe, to show what a report looks like";

TargetOr open_embedded(const emulator::EmulationSpec& pretend) {
  auto tpm = emulator::EmbeddedTpm::create();
  if (!tpm) {
    return tl::unexpected(NoTarget{tpm.error().message, "", kExitInternal});
  }
  Target target;
  target.clock = std::make_unique<tpm::VirtualClock>();
  auto emulated = emulator::emulate(std::move(*tpm), pretend, *target.clock);
  if (!emulated) {
    return tl::unexpected(NoTarget{emulated.error().message, "", kExitInternal});
  }
  target.transport = std::move(emulated->top);
  target.emulation = describe(pretend);
  target.emulation.missing = std::move(emulated->missing);
  target.name = "embedded";
  target.emulated = true;
  return target;
}

tl::expected<Target, Error> open_tcti(const std::string& tcti) {
  Target target;
  target.clock = std::make_unique<tpm::SystemClock>();
  auto opened = tpm::open_transport(tcti, *target.clock);
  if (!opened) return tl::unexpected(opened.error());
  target.transport = std::move(opened->transport);
  target.name = std::move(opened->name);
  target.lock_key = std::move(opened->lock_key);
  return target;
}

// Words that make no sense have their one line; the way out is to say them right.
std::string access_hint(const Error& error, ExitCode code) {
  if (code == kExitUsage) return "";
  return error.kind == Error::Kind::no_access
             ? "hint: give your user access with `sudo usermod -aG tss $USER`, and log in again"
             : kEmulatedHint;
}

// A configuration that cannot be understood is the user's word; one that leads nowhere is not.
TargetOr open_named(const std::string& tcti, const char* source, ExitCode nonsense) {
  auto target = open_tcti(tcti);
  if (target) return std::move(*target);
  const bool misunderstood = target.error().kind == Error::Kind::tss;
  const ExitCode code = misunderstood ? nonsense : kExitNoTpm;
  return tl::unexpected(NoTarget{fmt::format("{}{}", source, target.error().message),
                                 access_hint(target.error(), code), code});
}

TargetOr open_default(const Surroundings& surroundings) {
  if (std::filesystem::exists(surroundings.managed_device)) {
    return open_named("device:" + surroundings.managed_device, "", kExitNoTpm);
  }
  if (auto target = open_tcti("tabrmd")) return std::move(*target);
  return tl::unexpected(NoTarget{
      fmt::format("no TPM found: there is no {}, and tpm2-abrmd does not answer",
                  surroundings.managed_device),
      fmt::format(
          "hint: is the TPM switched on in the firmware setup? Use `--tcti` for another TPM\n{}",
          kEmulatedHint),
      kExitNoTpm});
}

}  // namespace

void declare_emulation(Arguments& arguments, EmulationWords& words) {
  arguments.option(
      "--firmware", words.firmware,
      "Behave like this firmware: a name, or a file (output of tpm2_getcap, JSON report)");
  arguments.repeated("--quirk", words.quirks,
                     "Behave as if it had this defect: id, name or file; may be repeated");
  arguments
      .option("--latency", words.latency,
              "measured: use the response times measured on the firmware; none (default): no delay")
      .one_of({"measured", "none"});
}

OrLine<emulator::EmulationSpec> read_emulation(const EmulationWords& words) {
  emulator::EmulationSpec spec;
  if (!words.firmware.empty()) {
    auto firmware = choose_firmware(words.firmware);
    if (!firmware) return tl::unexpected(firmware.error());
    spec.firmware = std::move(*firmware);
  }
  for (const auto& word : words.quirks) {
    auto quirk = choose_quirk(word);
    if (!quirk) return tl::unexpected(quirk.error());
    spec.quirks.push_back(std::move(*quirk));
  }
  spec.measured_latency = words.latency == "measured";
  return spec;
}

reports::Emulation describe(const emulator::EmulationSpec& spec) {
  reports::Emulation emulation;
  if (spec.firmware) {
    emulation.firmware = spec.firmware->name;
    emulation.quirks = spec.firmware->quirks;
  }
  for (const auto& quirk : spec.quirks) emulation.quirks.push_back(quirk.id);
  return emulation;
}

void print_emulations(std::ostream& out) {
  fmt::print(out, "Firmware:\n");
  for (const auto name : knowledge::firmware_names()) fmt::print(out, "  {}\n", name);
  fmt::print(out, "\nQuirks:\n");
  for (const auto& quirk : knowledge::quirks()) {
    fmt::print(out, "  {:<4} {:<34} {}\n", quirk.id, quirk.name, quirk.title);
  }
}

void declare_target(Arguments& arguments, TargetWords& words) {
  arguments.option("--tcti", words.tcti,
                   "TPM to use, in the notation of tss2: device:/dev/tpmrm0, tabrmd, swtpm:path=…");
  arguments.flag("--emulated", words.emulated, "Use the TPM inside tpmprobe").excludes("--tcti");
  declare_emulation(arguments, words.emulation);
}

OrLine<TargetChoice> read_target(const TargetWords& words) {
  const auto& [firmware, quirks, latency] = words.emulation;
  if (words.tcti == "") return tl::unexpected(std::string("--tcti is empty"));
  if (!words.emulated && !(firmware.empty() && quirks.empty() && latency.empty())) {
    return tl::unexpected(std::string("--firmware, --quirk and --latency need --emulated"));
  }
  return read_emulation(words.emulation).map([&](auto pretend) {
    return TargetChoice{words.tcti, words.emulated, std::move(pretend)};
  });
}

TargetOr open_target(const TargetChoice& choice, const Surroundings& surroundings) {
  if (choice.emulated) return open_embedded(choice.pretend);
  if (choice.tcti) return open_named(*choice.tcti, "--tcti: ", kExitUsage);
  const auto tcti = surroundings.environment("TPM2TOOLS_TCTI");
  if (tcti && !tcti->empty()) return open_named(*tcti, "TPM2TOOLS_TCTI: ", kExitNoTpm);
  return open_default(surroundings);
}

}  // namespace tpmprobe::cli
