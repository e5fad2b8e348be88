// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace tpmprobe::text {

/// What a text renderer may use; decided once by cli/ for the stream it writes to.
struct TextStyle {
  int width = 100;       ///< columns
  bool colour = false;   ///< SGR sequences
  bool unicode = false;  ///< UTF-8 symbols; else ASCII
  bool links = false;    ///< OSC 8 hyperlinks
  bool bits = false;     ///< response codes bit by bit
};

}  // namespace tpmprobe::text
