// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace tpmprobe::cli {

/// All of a file, up to 16 MB. The error is the reason, as the operating system words it.
tl::expected<std::string, std::string> read_text_file(const std::string& path);

/// Puts `content` at `path`, whole or not at all: a new file in the same folder is written, flushed
/// to the disk and renamed. Replaces a regular file, keeping its permission bits, and nothing else.
/// Returns the reason if it could not, as the operating system words it.
std::optional<std::string> write_atomically(const std::string& path, std::string_view content);

/// The reason why write_atomically() would fail, found by making and removing the new file.
std::optional<std::string> why_not_writable(const std::string& path);

}  // namespace tpmprobe::cli
