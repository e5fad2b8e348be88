// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <vector>

#include "probes/probe.h"

namespace tpmprobe::cli {

/// `--list`: one line a probe, id and title.
void print_list(const std::vector<const probes::Probe*>& probes, std::ostream& out);

/// `--dry-run`: the commands that a probe may send, and what each of them changes in the TPM.
void print_dry_run(const std::vector<const probes::Probe*>& probes, std::ostream& out);

}  // namespace tpmprobe::cli
