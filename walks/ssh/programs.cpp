// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/programs.h"

#include <array>
#include <filesystem>

#include <fmt/format.h>

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

}  // namespace tpmprobe::walks
