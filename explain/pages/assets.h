// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace tpmprobe::explain::pages {

/// style.css, as it lies beside this file.
std::string_view style_sheet();

/// search.js: narrows the index down while somebody types.
std::string_view search_script();

}  // namespace tpmprobe::explain::pages
