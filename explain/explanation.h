// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knowledge/codes.h"
#include "knowledge/command_table.h"
#include "knowledge/context.h"
#include "knowledge/messages.h"
#include "knowledge/rc.h"

namespace tpmprobe::explain {

/// One thing that can have led to the code, with how to see it and what to do. Sentences.
struct ExplainedCause {
  knowledge::CauseClass cause_class = knowledge::CauseClass::other;
  std::string summary, confirm, fix;
  /// The commands to which the cause is bound, where the command is not known: "TPM2_Sign".
  std::string only_for;
};

/// A response code, or a text without one, as a person needs it: the decoded bits joined with what
/// is known about them.
struct Explanation {
  knowledge::DecodedRc decoded;
  const knowledge::MessageInfo* message =
      nullptr;  ///< the text, if it is one; then `decoded` is void
  const knowledge::CommandInfo* command = nullptr;  ///< that answered with it, if known
  std::string symbol;                               ///< "TPM_RC_SIZE"; empty if there is none
  std::string place_name;  ///< Part 3 name of the parameter or handle; empty if not known
  knowledge::RcSeverity severity = knowledge::RcSeverity::error;
  /// A sentence that stands alone: "TPM2_Sign refused parameter 1 (digest): structure is the wrong
  /// size (TPM_RC_SIZE, 0x1d5)."
  std::string sentence;
  std::string meaning;                 ///< one plain sentence more
  std::vector<ExplainedCause> causes;  ///< the likeliest first
  bool known = false;                  ///< somebody has defined this code
  bool echo = false;                   ///< the "code" is the command code that was sent
};

/// Explains a TPM_RC or TSS2_RC. `command` is the one that answered with it, null if not known.
/// Causes bound to this command and position come first; those of other commands are left out.
/// Before them come those that the words found nearby speak for.
Explanation explain(std::uint32_t rc, const knowledge::CommandInfo* command = nullptr,
                    const knowledge::ContextWords& nearby = {});

/// Explains a text that has no code.
Explanation explain(const knowledge::MessageInfo& message,
                    const knowledge::ContextWords& nearby = {});

/// Puts a cause that is known from evidence before all general ones, for a probe that can tell.
Explanation with_known_cause(Explanation explanation, ExplainedCause cause);

/// The explanation in one line without a line feed: the sentence.
std::string one_line(const Explanation& explanation);

/// The likeliest cause, null if none is known.
const ExplainedCause* first_cause(const Explanation& explanation);

/// What to do about the likeliest cause; empty if none is known.
std::string first_fix(const Explanation& explanation);

/// "TPM2_Sign"
std::string full_name(const knowledge::CommandInfo& command);

/// The first sentence of an explanation whose other fields are filled in.
std::string first_sentence(const Explanation& explanation, const knowledge::CodeInfo* info);

/// One sentence about what the bits of a code say, for a code that nobody has defined.
std::string describe_bits(const knowledge::DecodedRc& decoded);

/// The software that raised a code, for the start of a sentence: "The TPM", "FAPI", "The resource
/// manager".
std::string layer_title(knowledge::RcLayer layer);

}  // namespace tpmprobe::explain
