// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include <fmt/format.h>

#include "probes/doctor/checks.h"

namespace tpmprobe::probes {
namespace {

/// A software, and the variable by which it is told its TPM.
struct Client {
  const char *id, *name, *variable;
};

constexpr std::array kClients{
    Client{"tcti.tools", "tpm2-tools", "TPM2TOOLS_TCTI"},
    Client{"tcti.pkcs11", "tpm2-pkcs11 (ssh's module)", "TPM2_PKCS11_TCTI"}};

/// What tss2's loader tries first (tctildr, in its order).
std::string loader_default(const Machine& machine) {
  if (machine.version_of("libtss2-tcti-tabrmd")) return "tabrmd, else device:/dev/tpmrm0";
  return machine.file("/dev/tpmrm0") ? "device:/dev/tpmrm0" : "device:/dev/tpm0";
}

/// The file that "device:FILE" names; empty for any other configuration.
std::string device_of(const std::string& tcti) {
  constexpr std::string_view kDevice = "device:";
  return tcti.starts_with(kDevice) ? tcti.substr(kDevice.size()) : "";
}

void check_client(const Machine& machine, const Client& client, Diagnoses& lines) {
  const auto said = machine.variable(client.variable);
  const auto tcti = said.value_or(loader_default(machine));
  const auto why = said ? fmt::format("{} says so", client.variable) : "tss2's own order";
  const auto device = device_of(tcti);
  const auto seen = fmt::format("{} uses {} ({})", client.name, tcti, why);
  if (said && !device.empty() && !machine.file(device)) {
    lines.push_back({client.id, Health::fail, seen + ", which is not there",
                     fmt::format("Run: unset {}", client.variable)});
  } else if (device == "/dev/tpm0" && machine.file("/dev/tpmrm0")) {
    lines.push_back({client.id, Health::warn, seen + ", without a resource manager",
                     fmt::format("Set {} to device:/dev/tpmrm0.", client.variable)});
  } else {
    lines.push_back({client.id, Health::ok, seen, ""});
  }
}

}  // namespace

void check_tctis(const Machine& machine, Diagnoses& lines) {
  for (const auto& client : kClients) check_client(machine, client, lines);
}

}  // namespace tpmprobe::probes
