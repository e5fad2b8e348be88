// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/probe.h"
#include "tpm/error.h"

namespace tpmprobe::probes {

/// The longest RSA key that a quick run generates, in bits.
inline constexpr std::uint16_t kQuickRsaLimit = 2048;

/// Every probe, in the order in which they run: what is quick and what everything rests on first,
/// then key by key, RSA sizes last and ascending.
const std::vector<Probe>& catalogue();

/// Which probes to run.
struct Selection {
  std::vector<std::string> only;  ///< ids or globs; empty: all
  std::vector<std::string> skip;
  bool quick = false;  ///< of RSA above 2048 bits only what TPM2_TestParms says
};

/// Does an id fit a glob with `*` and `?`? Both match dots, too.
bool matches(std::string_view glob, std::string_view id);

/// The probes of a selection, in the order of the catalogue. The error is the word that names no
/// probe at all.
tl::expected<std::vector<const Probe*>, std::string> select(const Selection& selection);

}  // namespace tpmprobe::probes
