// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explain/report_facts.h"

#include <charconv>
#include <filesystem>
#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/terminal/text_file.h"

namespace tpmprobe::cli {
namespace {

using nlohmann::json;

std::optional<std::string> text_at(const json& report, const char* pointer) {
  const json::json_pointer at(pointer);
  if (!report.contains(at) || !report[at].is_string()) return std::nullopt;
  return report[at].get<std::string>();
}

/// "0x81000001".
std::optional<std::uint32_t> handle_of(const json& word) {
  const auto text = word.is_string() ? word.get<std::string>() : "";
  constexpr std::size_t kPrefix = 2;
  if (!text.starts_with("0x")) return std::nullopt;
  std::uint32_t value = 0;
  constexpr int kHex = 16;
  const auto read = std::from_chars(text.data() + kPrefix, text.data() + text.size(), value, kHex);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<std::vector<std::uint32_t>> handles_at(const json& report, const char* pointer) {
  const json::json_pointer at(pointer);
  if (!report.contains(at) || !report[at].is_array()) return std::nullopt;
  std::vector<std::uint32_t> handles;
  for (const auto& word : report[at]) {
    if (const auto handle = handle_of(word)) handles.push_back(*handle);
  }
  return handles;
}

std::optional<std::uint32_t> count_at(const json& report, const char* pointer) {
  const json::json_pointer at(pointer);
  if (!report.contains(at) || !report[at].is_number_unsigned()) return std::nullopt;
  const auto count = report[at].get<std::uint64_t>();
  if (count > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(count);
}

/// A pipe may never end, and a report has some hundred kilobytes.
tl::expected<std::string, std::string> read_report(const std::string& path) {
  constexpr std::uintmax_t kMost = std::uintmax_t{8} << 20U;
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::none &&
      kind != std::filesystem::file_type::regular) {
    return tl::unexpected(std::string("is no regular file"));
  }
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMost) return tl::unexpected(std::string("is too large for a report"));
  return read_text_file(path);
}

}  // namespace

tl::expected<doctor::ReportFacts, std::string> read_report_facts(const std::string& path) {
  const auto text = read_report(path);
  if (!text) return tl::unexpected(fmt::format("{}: {}", path, text.error()));
  const auto report = json::parse(*text, nullptr, false);
  if (!report.is_object() || !report.contains("tpm") || !report["tpm"].is_object()) {
    return tl::unexpected(fmt::format("{}: is no JSON report of tpmprobe", path));
  }
  doctor::ReportFacts facts;
  facts.manufacturer = text_at(report, "/tpm/manufacturer");
  facts.owner_primary_name = text_at(report, "/tpm/owner_primary_name");
  facts.persistent = handles_at(report, "/capabilities/handles/persistent");
  facts.reset_count = count_at(report, "/tpm/reset_count");
  return facts;
}

}  // namespace tpmprobe::cli
