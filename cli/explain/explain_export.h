// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include <tl/expected.hpp>

namespace tpmprobe::cli {

/// Why an export did not come to be.
struct ExportError {
  bool is_usage = false;  ///< the folder cannot be the right one; else writing failed
  std::string text;       ///< one line
};

/// Writes all that is known of codes and messages as pages of HTML (reports/pages/site.h) into
/// `folder`, which is made if it is not there. A folder that has files and no mark of an earlier
/// export is refused, so that nobody's files are mixed with ours; an earlier export is written
/// over. Returns the number of files.
tl::expected<std::size_t, ExportError> export_pages(const std::string& folder,
                                                    const std::string& base_url);

}  // namespace tpmprobe::cli
