// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.h"
#include "knowledge/quirk/effect.h"

namespace tpmprobe::knowledge {

/// Firmware that a quirk or advisory was seen on. All that is given must hold.
struct FirmwareMatch {
  std::string manufacturer;       ///< TPM_PT_MANUFACTURER, trimmed: "INTC"; empty: any
  std::uint64_t from = 0;         ///< TPM_PT_FIRMWARE_VERSION_1 << 32 | _2, the first
  std::uint64_t to = UINT64_MAX;  ///< and the last
};

/// Whether this TPM is meant. A manufacturer or version that is not known is never meant, unless
/// the match asks for none.
bool matches(const FirmwareMatch& match, std::string_view manufacturer,
             std::optional<std::uint64_t> firmware);

/// How a quirk shows in the results of a run: some result for which all that is given holds.
struct Symptom {
  std::vector<std::string> results;   ///< globs of result ids, one of them; empty: any
  std::vector<std::string> verdicts;  ///< words of the report, one of them; empty: any
  std::vector<std::string> evidence;  ///< words of knowledge/evidence.h, all of them
  std::vector<std::uint32_t> codes;  ///< response codes without resource manager layer, one of them
  std::vector<std::uint32_t> commands;  ///< TPM_CC that answered, one of them; empty: any
};

/// A named defect or limit of a TPM: one file of knowledge/quirks. The first rule that applies is
/// the outermost: it sees what the later ones and the TPM answer, if it asks them at all.
struct Quirk {
  std::string id;     ///< "Q01"
  std::string name;   ///< "p384-without-sha384"
  std::string title;  ///< one line
  /// Allowed by the specification: nothing is wrong with such a TPM, one must only know it.
  bool is_limit = false;
  std::string severity;  ///< of the finding: "info", "warning" or "error"
  std::string seen_on, diagnosis, advice;
  std::vector<std::string> references;
  std::vector<FirmwareMatch> firmware;  ///< where it is known from; empty: none in particular
  std::vector<Symptom> symptoms;        ///< one of them is enough to recognise it
  std::vector<Symptom> consequences;    ///< what it explains, too, once it is recognised
  std::vector<Rule> rules;              ///< how the emulator does it
  /// What a user of tpm2-tools meets, one line.
  std::string tools_see;
};

/// A quirk from its file. Whatever is wrong with it is one error with its JSON pointer.
tl::expected<Quirk, DocumentError> read_quirk(std::string_view text);

/// All quirks, by ascending id.
const std::vector<Quirk>& quirks();

/// The quirk of this id or name ("Q01", "q01", "p384-without-sha384"), or null.
const Quirk* find_quirk(std::string_view word);

}  // namespace tpmprobe::knowledge
