// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <istream>
#include <ostream>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>
#include <tl/expected.hpp>

#include "cli/commands.h"
#include "cli/explain/explain_export.h"
#include "cli/explain/explain_probe.h"
#include "cli/output.h"
#include "cli/terminal/text_file.h"
#include "explain/json.h"
#include "explain/log.h"
#include "explain/read/codes_text.h"
#include "explain/text.h"
#include "knowledge/command_table.h"
#include "reports/json/json_report.h"
#include "reports/known_tpm.h"

namespace tpmprobe::cli {
namespace {

/// Of a line that is longer the rest is not looked at: it is no line of a log.
constexpr std::size_t kLongestLine = 65536;

struct Options {
  std::vector<std::string> texts;
  const knowledge::CommandInfo* command = nullptr;
  std::vector<Output> outputs;
  std::string folder, base_url;  ///< of the pages; empty without --export
  std::optional<explain::KnownTpm> tpm;
  bool verbose = false;
};

/// An end before anything was explained: what was said about it is already said.
using Parsed = tl::expected<Options, ExitCode>;

tl::unexpected<ExitCode> refuse(Console& console, std::string_view why) {
  fmt::print(console.err, "tpmprobe explain: {}\n", why);
  return tl::unexpected(kExitUsage);
}

/// The words of the command line before they are checked.
struct Words {
  std::vector<std::string> texts, paths;
  std::string command, format, folder, base_url, report, tcti;
  bool probe = false, verbose = false;
};

void declare(CLI::App& app, Words& words) {
  app.add_option("TEXT", words.texts,
                 "Codes (0x1d5, 469, TPM_RC_SIZE, tpm:parameter(1):...) or lines of a log; - reads "
                 "standard input")
      ->type_name("");
  app.add_option("--command", words.command, "TPM command that failed, for example Sign");
  app.add_option("--format", words.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  auto* report =
      app.add_option("--report", words.report,
                     "JSON report on the TPM that the log is from: what it found goes first");
  auto* probe = app.add_flag("--probe", words.probe,
                             "Ask the TPM at hand: runs a quick report on it first (seconds)")
                    ->excludes(report);
  app.add_option("--tcti", words.tcti, "Which TPM --probe asks")->needs(probe);
  app.add_flag("-v,--verbose", words.verbose, "Show the code bit by bit, too");
  auto* exported = app.add_option("--export", words.folder,
                                  "Write all that is known as pages of HTML into this folder");
  app.add_option("--base-url", words.base_url,
                 "Where the pages will be served, for the site map of --export")
      ->needs(exported);
  app.footer(
      "Examples:\n  tpmprobe explain 0x1d5 --command Sign\n  ssh ... 2>&1 | tpmprobe explain -");
}

/// CLI11 breaks some of its messages into several lines.
std::string in_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// What a report says of the TPM: one that was given, or one that is made now.
tl::expected<explain::KnownTpm, ExitCode> known_tpm(const Words& words, Console& console) {
  if (words.probe) return probe_tpm(words.tcti, console);
  const auto text = read_text_file(words.report);
  if (!text) return refuse(console, fmt::format("{}: {}", words.report, text.error()));
  const auto report = reports::read_json(*text);
  if (!report) return refuse(console, fmt::format("{} {}", words.report, report.error()));
  return reports::known_tpm(*report);
}

Parsed checked(Words words, Console& console) {
  Options options{std::move(words.texts), nullptr, {}, {}, {}, {}, words.verbose};
  if (!words.command.empty()) {
    options.command = knowledge::find_command(words.command);
    if (options.command == nullptr) {
      return refuse(console, "\"" + words.command + "\" is no command of TPM 2.0");
    }
  }
  auto outputs = choose_outputs(words.paths, parse_format(words.format));
  if (!outputs) return refuse(console, outputs.error());
  if (const auto writable = check_writable(*outputs); !writable) {
    return refuse(console, writable.error());
  }
  options.outputs = *std::move(outputs);
  if (!words.report.empty() || words.probe) {
    auto tpm = known_tpm(words, console);
    if (!tpm) return tl::unexpected(tpm.error());
    options.tpm = *std::move(tpm);
  }
  return options;
}

Parsed parse(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("Says what a TPM or TSS error code means, why it comes and what to do.",
               "tpmprobe explain");
  Words words;
  declare(app, words);
  try {
    // CLI11 takes the words from the back.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse(console, in_one_line(error.what()));
  }
  if (!words.folder.empty())
    return Options{{}, nullptr, {}, words.folder, words.base_url, {}, false};
  if (words.texts.empty() && !console.in_is_terminal) words.texts = {"-"};
  if (words.texts.empty()) {
    console.err << app.help();
    return tl::unexpected(kExitUsage);
  }
  return checked(std::move(words), console);
}

/// Cuts what comes in pieces into lines, and lines that are too long.
class LineCutter {
 public:
  explicit LineCutter(explain::LogExplainer& explainer) : explainer_(explainer) {}

  void read(std::string_view piece) {
    for (auto end = piece.find('\n'); end != piece.npos; end = piece.find('\n')) {
      finish_line(piece.substr(0, end));
      piece.remove_prefix(end + 1);
    }
    keep(piece);
  }

  void finish() {
    if (!begun_.empty()) finish_line({});
  }

 private:
  void keep(std::string_view part) {
    begun_.append(part.substr(0, kLongestLine - std::min(kLongestLine, begun_.size())));
  }

  // A line that lies in one piece is read where it lies.
  void finish_line(std::string_view rest) {
    if (begun_.empty()) return explainer_.read_line(rest.substr(0, kLongestLine));
    keep(rest);
    explainer_.read_line(begun_);
    begun_.clear();
  }

  explain::LogExplainer& explainer_;
  std::string begun_;
};

void read_stream(explain::LogExplainer& explainer, std::istream& in) {
  constexpr std::size_t kPiece = 256 * 1024;
  std::string piece(kPiece, '\0');
  LineCutter cutter(explainer);
  while (const auto size = in.rdbuf()->sgetn(piece.data(), kPiece)) {
    if (size < 0) break;
    cutter.read(std::string_view(piece).substr(0, static_cast<std::size_t>(size)));
  }
  cutter.finish();
}

void read_lines(explain::LogExplainer& explainer, std::string_view text) {
  while (true) {
    const std::size_t end = text.find('\n');
    explainer.read_line(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// Words that are codes and names of commands and nothing else: "0x1d5", "902 0x921", "Load 0x902".
/// False if there is another word among them, and then nothing is taken.
bool read_words(explain::LogExplainer& explainer, const std::vector<std::string>& words) {
  std::vector<std::pair<explain::CodeMention, std::string>> mentions;
  const knowledge::CommandInfo* command = nullptr;
  for (const auto& word : words) {
    if (auto mention = explain::read_code(word)) {
      mentions.emplace_back(*std::move(mention), word);
    } else if (const auto* named = knowledge::find_command(word)) {
      command = named;
    } else {
      return false;
    }
  }
  for (auto& [mention, word] : mentions) {
    mention.command = command;
    explainer.add_word(mention, word);
  }
  return true;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

explain::ExplainedText explain_texts(const Options& options, Console& console) {
  explain::LogExplainer explainer(options.command);
  if (options.texts == std::vector<std::string>{"-"}) {
    read_stream(explainer, console.in);
  } else if (!read_words(explainer, options.texts)) {
    read_lines(explainer, joined(options.texts));
  }
  return std::move(explainer).finish();
}

void report_limits(const explain::ExplainedText& text, Console& console) {
  if (text.explanations.empty()) {
    fmt::print(console.err,
               "tpmprobe explain: no TPM or TSS response code and no known message found in {}\n",
               text.lines > 1 ? fmt::format("{} lines", text.lines) : std::string("this text"));
  }
  if (text.overflowed) {
    fmt::print(console.err,
               "tpmprobe explain: too many different codes; those of the last lines "
               "are left out\n");
  }
}

int exit_code(const explain::ExplainedText& text) {
  const bool known = text.primary && text.explanations[*text.primary].explanation.known;
  return known ? kExitOk : kExitFindings;
}

int write_pages(const Options& options, Console& console) {
  const auto files = export_pages(options.folder, options.base_url);
  if (files) {
    fmt::print(console.out, "{} files; begin with {}/index.html\n", *files, options.folder);
    return kExitOk;
  }
  fmt::print(console.err, "tpmprobe explain: {}\n", files.error().text);
  return files.error().is_usage ? kExitUsage : kExitInternal;
}

}  // namespace

int run_explain(const std::vector<std::string>& arguments, Console& console) {
  const Parsed options = parse(arguments, console);
  if (!options) return options.error();
  if (!options->folder.empty()) return write_pages(*options, console);
  explain::ExplainedText text = explain_texts(*options, console);
  if (options->tpm) sharpen(text, *options->tpm);
  const auto render = [&](Format format, const text::TextStyle& style, std::ostream& out) {
    text::TextStyle with_bits = style;
    with_bits.bits = options->verbose;
    format == Format::json ? write_json(text, out) : write_text(text, with_bits, out);
  };
  const auto written = write_outputs(options->outputs, render, console);
  report_limits(text, console);
  if (!written) {
    fmt::print(console.err, "tpmprobe explain: {}\n", written.error());
    return kExitInternal;
  }
  return exit_code(text);
}

}  // namespace tpmprobe::cli
