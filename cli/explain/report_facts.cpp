// SPDX-License-Identifier: BSD-2-Clause
// What `doctor --since` and `--now` take from a report in a file.
#include "cli/explain/report_facts.h"

#include <filesystem>

#include <fmt/format.h>

#include "cli/terminal/text_file.h"
#include "reports/json/json_report.h"

namespace tpmprobe::cli {
namespace {

/// A pipe may never end, and a report has some hundred kilobytes.
tl::expected<std::string, std::string> read_report(const std::string& path) {
  constexpr std::uintmax_t kMost = std::uintmax_t{8} << 20U;
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::none &&
      kind != std::filesystem::file_type::regular) {
    return tl::unexpected(std::string("is not a regular file"));
  }
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMost) return tl::unexpected(std::string("is too large for a report"));
  return read_text_file(path);
}

}  // namespace

tl::expected<doctor::ReportFacts, std::string> read_report_facts(const std::string& path) {
  const auto text = read_report(path);
  if (!text) return tl::unexpected(fmt::format("{}: {}", path, text.error()));
  const auto report = reports::read_json(*text);
  if (!report) return tl::unexpected(fmt::format("{}: {}", path, report.error()));
  return doctor::ReportFacts{
      report->tpm.manufacturer, report->tpm.reset_count, report->tpm.owner_primary_name,
      report->capabilities ? report->capabilities->handles.persistent : std::nullopt};
}

}  // namespace tpmprobe::cli
