// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace tpmprobe::knowledge {

/// Names fields of a command or response by their path in knowledge/wire.h. "..." stands for any
/// run of names, once: "digest.size", "inPublic...keyBits", "...hashAlg".
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
  /// At least so many transient objects are loaded before the command.
  std::optional<unsigned> loaded_objects = std::nullopt;
  /// Only so long after the first command that the TPM got.
  std::optional<std::chrono::milliseconds> first = std::nullopt;
  Calls calls = {};
};

}  // namespace tpmprobe::knowledge
