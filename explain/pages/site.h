// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace tpmprobe::explain::pages {

/// One file of the site.
struct PageFile {
  std::string name;  ///< without folder: the site is flat
  std::string content;
};

/// All that is known of codes, commands, classes of causes and messages as static HTML: one page
/// for each error, command table, class and family of messages; an index with search; stubs that
/// lead from numbers with a position to their page; a site map. `base_url` is where it will be
/// served
/// ("https://example.org/tpm/"): a site map needs whole addresses. Without it the map has names of
/// files.
std::vector<PageFile> site(const std::string& base_url);

}  // namespace tpmprobe::explain::pages
