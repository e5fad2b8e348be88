// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "knowledge/codes.h"

namespace tpmprobe::knowledge {

/// A text without a response code that people paste: one entry of messages/*.json.
struct MessageInfo {
  std::string_view id;      ///< "ssh-agent-refused"
  std::string_view family;  ///< the software that prints it: "OpenSSH"
  /// How it is worded, in small letters; '*' stands for any characters.
  std::span<const std::string_view> texts;
  RcSeverity severity = RcSeverity::error;
  bool is_root = false;          ///< says why codes nearby came: to be read before them
  std::string_view symbol;       ///< "CKR_PIN_INCORRECT"; empty if there is none
  std::optional<RcLayer> layer;  ///< of the TSS, if one prints it
  std::uint32_t command = 0;     ///< TPM_CC of what failed, where the text tells it; else 0
  std::string_view sentence;     ///< stands alone
  std::string_view meaning;      ///< one plain sentence more
  std::span<const Cause> causes;
};

/// All messages.
std::span<const MessageInfo> messages();

}  // namespace tpmprobe::knowledge
