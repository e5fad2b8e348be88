// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace tpmprobe::explain::pages {

/// Text for HTML, between tags and in quoted attributes.
std::string escape(std::string_view text);

/// Prose: escaped, and what stands between backquotes as code.
std::string prose(std::string_view text);

/// `<code>text</code>`, escaped.
std::string code(std::string_view text);

/// A link to a page of this site; both are escaped.
std::string link(std::string_view href, std::string_view text);

/// A name for files and anchors: small letters, digits, and one hyphen for whatever else there is.
std::string slug(std::string_view text);

/// What stands around the text of a page.
struct Frame {
  std::string title;        ///< of the window, plain text
  std::string description;  ///< one sentence, plain text
  std::string scripts;      ///< elements for the end of the body
};

/// A whole HTML document; `main` is HTML and has the heading.
std::string document(const Frame& frame, std::string_view main);

}  // namespace tpmprobe::explain::pages
