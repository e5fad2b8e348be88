// SPDX-License-Identifier: BSD-2-Clause
#include "cli/target.h"

#include <filesystem>

#include <fmt/format.h>

#include "cli/emulation_choice.h"
#include "emulator/embedded_tpm.h"
#include "tpm/transport/open.h"

namespace tpmprobe::cli {
namespace {

using TargetOr = tl::expected<Target, NoTarget>;

constexpr const char* kEmulatedHint =
    "hint: `--emulated` uses the TPM inside tpmprobe, to see what a report looks like";

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
             ? "hint: let your user in by `sudo usermod -aG tss $USER`, and log in again"
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
      fmt::format("hint: is the TPM switched on in the firmware's setup? `--tcti` names another "
                  "one\n{}",
                  kEmulatedHint),
      kExitNoTpm});
}

}  // namespace

TargetOr open_target(const TargetChoice& choice, const Surroundings& surroundings) {
  if (choice.emulated) return open_embedded(choice.pretend);
  if (choice.tcti) return open_named(*choice.tcti, "--tcti: ", kExitUsage);
  const auto tcti = surroundings.environment("TPM2TOOLS_TCTI");
  if (tcti && !tcti->empty()) return open_named(*tcti, "TPM2TOOLS_TCTI: ", kExitNoTpm);
  return open_default(surroundings);
}

}  // namespace tpmprobe::cli
