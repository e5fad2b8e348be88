// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe explain --export`: pages of HTML (explain/pages/site.h) in a folder. refuse_folder()
// sees to it that the folder is ours, by the mark that export_pages() leaves first.
#include "cli/explain/explain_export.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "explain/pages/site.h"

namespace tpmprobe::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = ".tpmprobe-pages";

std::optional<ExportError> refuse_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error)) {
    return ExportError{
        true, fmt::format("{}: {}", folder.string(), error ? error.message() : "is not a folder")};
  }
  const fs::directory_iterator files(folder, error);
  if (error) return ExportError{true, fmt::format("{}: {}", folder.string(), error.message())};
  if (files == fs::directory_iterator() || fs::exists(folder / kMark, error)) return std::nullopt;
  return ExportError{
      true,
      fmt::format(
          "{} contains files that are not from an earlier export; choose a new or empty folder",
          folder.string())};
}

std::optional<ExportError> write(const fs::path& path, const std::string& content) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (file) return std::nullopt;
  return ExportError{false, fmt::format("{}: {}", path.string(),
                                        errno == 0 ? "cannot be written" : std::strerror(errno))};
}

}  // namespace

tl::expected<std::size_t, ExportError> export_pages(const std::string& folder,
                                                    const std::string& base_url) {
  if (auto refused = refuse_folder(folder)) return tl::unexpected(*std::move(refused));
  const auto pages = explain::pages::site(base_url);
  // The mark comes first: an export that was cut short may be written over.
  if (auto failed = write(fs::path(folder) / kMark, "")) return tl::unexpected(*std::move(failed));
  for (const auto& page : pages) {
    if (auto failed = write(fs::path(folder) / page.name, page.content)) {
      return tl::unexpected(*std::move(failed));
    }
  }
  return pages.size();
}

}  // namespace tpmprobe::cli
