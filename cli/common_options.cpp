// SPDX-License-Identifier: BSD-2-Clause
#include "cli/common_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

namespace tpmprobe::cli {
namespace {

tl::expected<void, std::string> read_target(const CLI::App& app, const CommonWords& words,
                                            TargetChoice& target) {
  if (app.count("--tcti") > 0 && words.tcti.empty())
    return tl::unexpected(std::string("--tcti is empty"));
  if (!words.tcti.empty()) target.tcti = words.tcti;
  target.emulated = words.emulated;
  if (words.emulation.any() && !words.emulated) {
    return tl::unexpected(std::string("--firmware, --quirk and --latency need --emulated"));
  }
  auto pretend = read_emulation(words.emulation);
  if (!pretend) return tl::unexpected(pretend.error());
  target.pretend = std::move(*pretend);
  return {};
}

tl::expected<void, std::string> read_outputs(const CommonWords& words, CommonOptions& options) {
  const auto colour = parse_colour(words.colour);
  if (!colour) return tl::unexpected(std::string("--color is auto, always or never"));
  options.colour = *colour;
  const auto format = parse_format(words.format);
  if (!words.format.empty() && !format) {
    return tl::unexpected(
        fmt::format("there is no format \"{}\"; text and json there are", words.format));
  }
  auto outputs = choose_outputs(words.paths, format);
  if (!outputs) return tl::unexpected(outputs.error());
  options.outputs = std::move(*outputs);
  return {};
}

}  // namespace

void declare_target(CLI::App& app, CommonWords& words) {
  auto* tcti = app.add_option("--tcti", words.tcti,
                              "TPM to use, as tss2 writes it: device:/dev/tpmrm0, tabrmd, "
                              "swtpm:path=…");
  app.add_flag("--emulated", words.emulated, "Use the TPM inside tpmprobe")->excludes(tcti);
  declare_emulation(app, words.emulation);
}

void declare_outputs(CLI::App& app, CommonWords& words) {
  app.add_option("--format", words.format, "text or json");
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  app.add_option("--color", words.colour, "auto, always or never");
}

tl::unexpected<ExitCode> refuse_words(const CLI::App& app, std::string why, Console& console) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "{}: {}\n", app.get_name(), why);
  return tl::unexpected(kExitUsage);
}

tl::expected<void, ExitCode> parse_words(CLI::App& app, const std::vector<std::string>& arguments,
                                         Console& console) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(reversed);
    return {};
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse_words(app, error.what(), console);
  }
}

tl::expected<CommonOptions, std::string> read_common(const CLI::App& app,
                                                     const CommonWords& words) {
  CommonOptions options;
  const auto read = read_target(app, words, options.target).and_then([&] {
    return read_outputs(words, options);
  });
  if (!read) return tl::unexpected(read.error());
  return options;
}

}  // namespace tpmprobe::cli
