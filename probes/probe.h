// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "knowledge/capabilities.h"
#include "result/result.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

struct Workbench;

/// What a TPM must say that it has before a probe is worth trying. Without it the probe ends
/// `unsupported`, naming what is missing, and nothing is sent. A list that the TPM did not give
/// rules nothing out.
struct Needs {
  std::vector<tpm::AlgId> algorithms;
  std::optional<tpm::CurveId> curve;
  std::vector<std::uint32_t> commands;      ///< TPM_CC; the probe sends these
  std::optional<tpm::AlgId> pcr_bank = {};  ///< hash of a bank that holds at least one PCR
};

/// One thing to find out about a TPM. A value: adding one is one function and one row.
struct Probe {
  ProbeId id;          ///< stable for ever, never positional
  std::string title;   ///< what is tried, one line
  std::string clause;  ///< where the TPM 2.0 Library (or an RFC) asks for it
  Needs needs;
  /// TPM_CC of what is sent beside `needs.commands` where the TPM has it. The two together are all
  /// that the probe ever sends, and what --dry-run shows.
  std::vector<std::uint32_t> may_send;
  /// Bits of knowledge::Effect; the guard of the run allows the union of these and nothing else.
  std::uint16_t effects = 0;
  /// Size of the RSA key that this probe needs generated, 0 if none: what makes a run slow.
  std::uint16_t rsa_bits = 0;
  /// Fills verdict, expected, actual and evidence. Never prints, reads no clock, keeps no state.
  std::function<void(Workbench&, Result&)> run;
};

/// A probe that needs nothing but these commands, and changes nothing.
Probe simple_probe(ProbeId id, std::string title, std::string clause,
                   std::vector<std::uint32_t> commands, void (*run)(Workbench&, Result&));

/// What of `needs` the TPM does not list, by name: "curve P-521", "algorithm SHA-512", "command
/// TPM2_Commit". Empty if nothing stands in the way.
std::vector<std::string> missing(const Needs& needs, const knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::probes
