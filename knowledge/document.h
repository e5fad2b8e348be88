// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace tpmprobe::knowledge {

/// Why a file is not what its reader expects.
struct DocumentError {
  std::string pointer;  ///< JSON pointer (RFC 6901) of what is wrong, "line 12" in other files;
                        ///< empty: the whole
  std::string reason;   ///< one clause
};

/// A file that is compiled in.
struct Document {
  std::string_view name;  ///< without folder and suffix: "amd-3.51.0.5", "q01"
  std::string_view text;
};

/// The files of knowledge/quirks and knowledge/firmware, by ascending name.
std::span<const Document> quirk_documents();
std::span<const Document> firmware_documents();
/// knowledge/advisories.json.
std::string_view advisories_document();

}  // namespace tpmprobe::knowledge
