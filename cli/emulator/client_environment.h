// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace tpmprobe::cli {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// What leads programs to the TPM at `tcti`: tpm2-tools, tpm2-pkcs11, the OpenSSL provider, FAPI.
/// Writes the FAPI configuration that one of them names: key stores of its own in `folder`, the
/// profiles of this system ($TSS2_FAPICONF or /etc/tpm2-tss), and no EK certificate asked for, as
/// an emulated TPM has none. The error is one line.
tl::expected<Variables, std::string> client_environment(const std::string& tcti,
                                                        const std::filesystem::path& folder);

/// The folder of profiles that this system's FAPI reads: that of the same configuration, else
/// Debian's.
std::filesystem::path fapi_profile_folder();

/// A variable as a shell takes it: "export NAME='value'".
std::string export_line(const std::pair<std::string, std::string>& variable);

}  // namespace tpmprobe::cli
