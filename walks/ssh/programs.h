// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tpmprobe::walks {

/// A program of the way to a login, and Debian's package that has it.
struct WayProgram {
  std::string_view name, package;
};

/// Every program that the PKCS#11 way runs.
std::span<const WayProgram> pkcs11_programs();

/// Those that every way runs.
std::span<const WayProgram> login_programs();

/// "sshd is not installed (package openssh-server)" for the first that is missing.
std::optional<std::string> missing_program(std::span<const WayProgram> programs);

/// Path of tpm2-pkcs11's module, by its name in the folders where distributions put it.
std::optional<std::string> pkcs11_module();

}  // namespace tpmprobe::walks
