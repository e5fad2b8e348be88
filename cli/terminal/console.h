// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string_view>

#include "result/exit_code.h"
#include "text/style.h"

namespace tpmprobe::cli {

/// The program's edge to a person: streams, and what is known about where they lead.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool err_is_terminal = false;
  text::TextStyle out_style;
  text::TextStyle err_style;
};

/// Writes the line "tpmprobe COMMAND: why" to `console.err`. The value is `code`.
int complain(Console& console, std::string_view command, std::string_view why, int code);

}  // namespace tpmprobe::cli
