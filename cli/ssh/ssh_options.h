// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/common_options.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe ssh`, checked.
struct SshOptions : CommonOptions {
  std::vector<std::string> only;  ///< ids or globs of WAY.KEY, empty: all
  bool fapi = false;              ///< --fapi: walk FAPI's way in place of ssh's
  bool provision = false;         ///< --provision: FAPI may provision a software TPM of somebody's
  bool check_store = false;       ///< --check-store: look at the user's own store, walk no way
  bool hardware = false;          ///< --hardware: a TPM that is not an emulated one may be used
  bool verbose = false, quiet = false;
};

/// Reads and checks the words; everything that is wrong with them is said on `console.err` in one
/// line, and the value is then the exit code (0 for --help).
tl::expected<SshOptions, ExitCode> parse_ssh_options(const std::vector<std::string>& arguments,
                                                     Console& console);

}  // namespace tpmprobe::cli
