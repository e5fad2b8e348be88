// SPDX-License-Identifier: BSD-2-Clause
#include "cli/doctor/doctor_options.h"

#include <CLI/CLI.hpp>

#include "cli/explain/report_facts.h"

namespace tpmprobe::cli {
namespace {

struct Words {
  CommonWords common;
  std::string since, now;
};

void declare(CLI::App& app, Words& words) {
  declare_target(app, words.common);
  auto* since = app.add_option("--since", words.since,
                               "JSON report of before: was the TPM cleared or reset?");
  app.add_option("--now", words.now, "JSON report made just now, to compare that with")
      ->needs(since);
  declare_outputs(app, words.common);
}

tl::expected<void, std::string> read_report(const std::string& path,
                                            std::optional<doctor::ReportFacts>& facts) {
  if (path.empty()) return {};
  auto read = read_report_facts(path);
  if (!read) return tl::unexpected(read.error());
  facts = std::move(*read);
  return {};
}

}  // namespace

tl::expected<DoctorOptions, ExitCode> parse_doctor_options(
    const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("Looks at everything around the TPM and changes nothing.", "tpmprobe doctor");
  Words words;
  declare(app, words);
  if (auto read = parse_words(app, arguments, console); !read) return tl::unexpected(read.error());
  DoctorOptions options;
  auto common = read_common(app, words.common);
  if (!common) return refuse_words(app, common.error(), console);
  static_cast<CommonOptions&>(options) = std::move(*common);
  const auto read = read_report(words.since, options.earlier).and_then([&] {
    return read_report(words.now, options.present);
  });
  if (!read) return refuse_words(app, read.error(), console);
  return options;
}

}  // namespace tpmprobe::cli
