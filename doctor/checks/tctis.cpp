// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/fapi_config.h"
#include "doctor/machine.h"
#include "doctor/tcti_choice.h"

namespace tpmprobe::doctor {
namespace {

/// The file that "device:FILE" names, or that "device" is; empty for any other configuration.
std::string device_of(const Machine& machine, const std::string& tcti) {
  if (tcti_word(tcti) != "device") return "";
  const auto named = tcti_options(tcti);
  if (!named.empty()) return named;
  return machine.file("/dev/tpmrm0") ? "/dev/tpmrm0" : "/dev/tpm0";
}

bool has_library(const Machine& machine, const std::string& word) {
  if (machine.version_of("libtss2-tcti-" + word)) return true;
  const auto folders = library_folders(machine);
  return std::ranges::any_of(folders, [&](const std::string& folder) {
    const auto start = fmt::format("{}/libtss2-tcti-{}.so", folder, word);
    const auto files = machine.files_in(folder);
    return std::ranges::any_of(files, [&](const auto& file) { return file.starts_with(start); });
  });
}

/// Why it does not show whether there is a TPM; empty if it does.
std::string not_seen(const Machine& machine, const std::string& tcti) {
  const auto word = tcti_word(tcti);
  if (word == "device" || (!machine.tpm.unreachable && is_same_tpm(tcti, opened_tcti(machine))))
    return "";
  const bool library = has_library(machine, word);
  if (word == "tabrmd" && library) return "";
  return library || is_emulator(tcti) || word == "cmd"
             ? ", which was not checked"
             : fmt::format(", but libtss2-tcti-{} was not found here", word);
}

/// "TPM2TOOLS_TCTI" is unset in a shell, and anything else is taken out.
std::string without(const std::string& setting) {
  const bool variable = setting.find(' ') == std::string::npos;
  return variable ? "Run: unset " + setting : "Remove " + setting + ".";
}

void judge(const Machine& machine, const char* id, const std::string& name,
           const TctiChoice& choice, Diagnoses& lines) {
  if (choice.tcti.empty()) {
    lines.push_back({id, Health::unknown, name + " would not find a TPM", ""});
    return;
  }
  const auto device = device_of(machine, choice.tcti);
  const auto seen = fmt::format("{} uses {} ({})", name, choice.tcti, choice.why);
  const bool told = !choice.setting.empty();
  if (told && !device.empty() && !machine.file(device)) {
    lines.push_back({id, Health::fail, seen + ", which does not exist", without(choice.setting)});
  } else if (told && tcti_word(choice.tcti) == "tabrmd" && !machine.packages.empty() &&
             !has_library(machine, "tabrmd")) {
    lines.push_back({id, Health::fail, seen + ", but its library is not installed",
                     "Run: sudo apt install libtss2-tcti-tabrmd0"});
  } else if (device == "/dev/tpm0" && machine.file("/dev/tpmrm0")) {
    lines.push_back({id, Health::warn, seen + ", without a resource manager",
                     fmt::format("Set {} to device:/dev/tpmrm0.", choice.setting)});
  } else if (const auto unseen = told ? not_seen(machine, choice.tcti) : std::string();
             !unseen.empty()) {
    lines.push_back(
        {id, Health::unknown, seen + unseen, "Run this again with the --tcti of that TPM."});
  } else {
    lines.push_back({id, Health::ok, seen, ""});
  }
}

/// tpm2_ptool makes keys through tpm2-tools; a key of one TPM is of no use to another.
void check_same_tpm(const TctiChoice& tools, const TctiChoice& module, Diagnoses& lines) {
  if (tools.tcti.empty() || module.tcti.empty()) return;
  if (is_emulator(tools.tcti) == is_emulator(module.tcti)) return;
  lines.push_back({"tcti.same", Health::warn,
                   fmt::format("tpm2_ptool creates keys on {}, but ssh looks for them on {}",
                               tools.tcti, module.tcti),
                   "Set TPM2TOOLS_TCTI and TPM2_PKCS11_TCTI to the same TPM."});
}

/// A token's own setting comes before the variable (tpm2-pkcs11, tpm_ctx_new).
void check_tokens(const Machine& machine, Diagnoses& lines) {
  std::string error;
  const auto store = read_store(machine, error);
  if (!store) return;
  for (const auto& primary : store->primaries) {
    for (const auto& token : primary.tokens) {
      if (token.tcti.empty()) continue;
      judge(machine, "tcti.pkcs11", fmt::format("tpm2-pkcs11 for token {}", token.label),
            {token.tcti, "its own setting, which overrides TPM2_PKCS11_TCTI",
             fmt::format("tcti of token {} (tpm2_ptool config)", token.label)},
            lines);
    }
  }
}

}  // namespace

void check_tctis(const Machine& machine, Diagnoses& lines) {
  const auto tools = tcti_by_variable(machine, "TPM2TOOLS_TCTI");
  const auto module = tcti_by_variable(machine, "TPM2_PKCS11_TCTI");
  judge(machine, "tcti.tools", "tpm2-tools (and tpm2_ptool)", tools, lines);
  judge(machine, "tcti.pkcs11", "tpm2-pkcs11 (ssh's module)", module, lines);
  check_tokens(machine, lines);
  check_same_tpm(tools, module, lines);
  if (read_fapi_config(machine)) {
    judge(machine, "tcti.fapi", "FAPI", tcti_of_fapi(machine), lines);
  }
}

}  // namespace tpmprobe::doctor
