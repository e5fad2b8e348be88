// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "tpm/bytes.h"
#include "tpm/clock.h"

/// Defects as values: what a TPM does wrong, and when. A quirk is data and nothing but data, so
/// that a file can hold one; `QuirkLayer` gives it life.
namespace tpmprobe::emulator {

/// Names parameters of a command by their path in knowledge/wire.h. "..." stands for any run of
/// names, once: "digest.size", "inPublic...keyBits", "...hashAlg".
using FieldPattern = std::string;

/// An integer parameter has one of these values.
struct FieldIs {
  FieldPattern path;
  std::vector<std::uint64_t> values;
  std::string type = {};  ///< Part 2 name that the field must have as well; empty: any
};

/// An integer parameter lies in this range. The sizes of buffers are integers, too: "digest.size".
struct FieldRange {
  FieldPattern path;
  std::uint64_t at_least = 0;
  std::uint64_t at_most = std::numeric_limits<std::uint64_t>::max();
};

/// Which of the calls that meet the rest of a condition are meant; they count from 1.
struct Calls {
  unsigned from = 1;   ///< the first of them
  unsigned count = 0;  ///< so many of them; 0: all to come
  unsigned every = 1;  ///< of these the ones that this divides
};

/// When a rule applies: all that is given must hold.
struct Condition {
  std::vector<std::uint32_t> commands = {};  ///< TPM_CC; empty: any
  std::vector<std::uint32_t> except = {};    ///< TPM_CC that are not meant
  std::vector<std::uint32_t> handles = {};   ///< the command has one of them; empty: any
  std::vector<FieldIs> values = {};
  std::vector<FieldRange> ranges = {};
  Calls calls = {};
};

/// The command is not executed; its answer is this code.
struct AnswerCode {
  std::uint32_t rc = 0;
  /// Add the number of the parameter that met the condition, as a format 1 code has it (Part 2,
  /// 6.6.3): TPM_RC_HASH 0x083 becomes 0x2c3 for the second parameter.
  bool at_parameter = false;
};

/// The lists of TPM2_GetCapability that entries can be missing from.
enum class CapabilityList : std::uint8_t {
  algorithms,  ///< TPM_ALG_ID
  handles,     ///< TPM_HANDLE
  commands,    ///< TPM_CC
  pcr_banks,   ///< TPM_ALG_ID of the bank's hash
  properties,  ///< TPM_PT
  curves,      ///< TPM_ECC_CURVE
};

/// TPM2_GetCapability does not list these. Counts and moreData are those of a TPM that does not
/// have them.
struct HideCapability {
  CapabilityList list = CapabilityList::algorithms;
  std::vector<std::uint32_t> entries;
};

/// TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES) gives this property, where it gives it, such a value.
struct SetProperty {
  std::uint32_t property = 0;
  std::uint32_t value = 0;
};

/// The first answer is given for ever after.
struct RepeatAnswer {
  bool more_data = false;  ///< with moreData set, if the answer has one: the list never ends
};

/// The command is not executed and never answered: the caller waits until its deadline.
struct NeverAnswer {};

/// The answer comes later by this much.
struct Delay {
  tpm::Duration time{0};
};

/// The command is not executed and the connection ends.
struct CloseConnection {};

/// The last octets of the response are missing.
struct Truncate {
  std::size_t octets = 0;
  bool fix_size = false;  ///< the header tells the size that is left
};

/// The response has these octets behind its end.
struct Append {
  Bytes octets;
  bool fix_size = false;  ///< the header counts them
};

/// The header of the response has this tag.
struct SetTag {
  std::uint16_t tag = 0;
};

/// The header of the response tells this size.
struct SetSize {
  std::uint32_t size = 0;
};

/// The command is not executed; its own octets are the answer.
struct Echo {};

/// What a rule does to an exchange.
using Effect = std::variant<AnswerCode, HideCapability, SetProperty, RepeatAnswer, NeverAnswer,
                            Delay, CloseConnection, Truncate, Append, SetTag, SetSize, Echo>;

struct Rule {
  Condition when;
  Effect effect;
};

/// A named defect. The first rule that applies is the outermost: it sees what the later ones and
/// the TPM answer, if it asks them at all.
struct Quirk {
  std::string id;    ///< "Q01"
  std::string name;  ///< "p384-without-sha384"
  std::vector<Rule> rules;
};

}  // namespace tpmprobe::emulator
