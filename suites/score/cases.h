// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <istream>
#include <set>
#include <string>
#include <vector>

namespace tpmprobe::score {

/// A failure from a public thread, with what turned out to be wrong.
struct FieldCase {
  std::string id, source, log;
  std::string cause_class;       ///< what the thread found
  bool confirmed = false;        ///< the thread did more than suspect it
  std::set<std::string> in_log;  ///< codes that stand in the log: "0x1d5", "CKR 160"
  std::set<std::string> meant;   ///< codes that the log means, in whatever words
  bool held_out = false;         ///< not to be looked at while rules are written
};

/// Reads one case from each line of JSON; throws nlohmann::json::exception on what is none.
std::vector<FieldCase> read_cases(std::istream& in);

/// A code in the spelling that is compared: "0x1d5", "CKR 160". Windows' 0x80280084 is 0x84.
std::string normal_code(const std::string& text);

}  // namespace tpmprobe::score
