// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/console.h"

namespace tpmprobe::cli {

/// A sub-command: one row of the table in program.cpp and one function in a file of its own.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line for the overview
  /// `arguments` are the words after the command's name; the value is the exit code.
  int (*run)(const std::vector<std::string>& arguments, Console& console);
};

int run_report(const std::vector<std::string>& arguments, Console& console);
int run_explain(const std::vector<std::string>& arguments, Console& console);
int run_emulator(const std::vector<std::string>& arguments, Console& console);
int run_doctor(const std::vector<std::string>& arguments, Console& console);
int run_ssh(const std::vector<std::string>& arguments, Console& console);
int run_schema(const std::vector<std::string>& arguments, Console& console);

}  // namespace tpmprobe::cli
