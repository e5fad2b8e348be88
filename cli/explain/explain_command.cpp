// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe explain`. parse() and checked() read the words; explain_texts() reads what is to be
// explained, from the words or, by LineCutter, from a stream; known_tpm() asks a report or the TPM
// itself. run_explain(), at the end, is the command.
#include <algorithm>
#include <array>
#include <istream>
#include <string>
#include <utility>

#include <fmt/ostream.h>
#include <tl/expected.hpp>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/explain/explain_export.h"
#include "cli/output.h"
#include "cli/report/report.h"
#include "cli/terminal/stop_signals.h"
#include "cli/terminal/text_file.h"
#include "explain/json.h"
#include "explain/known.h"
#include "explain/log.h"
#include "explain/read/decoder_texts.h"
#include "explain/text.h"
#include "knowledge/command_table.h"
#include "reports/json/json_report.h"
#include "reports/known_tpm.h"

namespace tpmprobe::cli {
namespace {

/// Of a line that is longer the rest is not looked at: it is no line of a log.
constexpr std::size_t kLongestLine = 65536;

constexpr std::array<Format<explain::ExplainedText>, 2> kFormats{{
    {{"text", ".txt"}, explain::write_text},
    {{"json", ".json"},
     [](const auto& text, const auto&, std::ostream& out) { explain::write_json(text, out); }},
}};

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

/// The words of the command line before they are checked.
struct Words {
  std::vector<std::string> texts;
  OutputWords output;
  std::string command, folder, base_url, report, tcti;
  bool probe = false, verbose = false;
};

void declare(Arguments& arguments, Words& words) {
  arguments.others(
      "TEXT", words.texts,
      "Codes (0x1d5, 469, TPM_RC_SIZE, tpm:parameter(1):...) or lines of a log; - reads "
      "standard input");
  arguments.option("--command", words.command, "TPM command that failed, for example Sign");
  declare_files(arguments, words.output, forms_of(kFormats));
  arguments.option(
      "--report", words.report,
      "JSON report on the TPM that the log comes from: what the report found is shown first");
  arguments
      .flag("--probe", words.probe,
            "Ask this machine's TPM: runs a quick report on it first (seconds)")
      .excludes("--report");
  arguments.option("--tcti", words.tcti, "Which TPM --probe asks").needs("--probe");
  arguments.flag("-v,--verbose", words.verbose, "Also show the code bit by bit");
  arguments.option("--export", words.folder,
                   "Write everything that is known as HTML pages to this folder");
  arguments
      .option("--base-url", words.base_url,
              "Address at which the pages of --export will be served, for the site map")
      .needs("--export");
  arguments.footer(
      "Examples:\n  tpmprobe explain 0x1d5 --command Sign\n  ssh ... 2>&1 | tpmprobe explain -");
}

/// Runs a quick report on the TPM that `tcti` names (as `report --tcti`; empty: the usual one), for
/// what it says about the codes of a log.
tl::expected<explain::KnownTpm, ExitCode> probe_tpm(const std::string& tcti, Console& console) {
  std::vector<std::string> words{"--quick"};
  if (!tcti.empty()) words.insert(words.end(), {"--tcti", tcti});
  const auto options = parse_report_options(words, console);
  if (!options) return tl::unexpected(options.error());
  auto target = open_target(options->target, {process_environment});
  if (!target) {
    complain(console, "explain", target.error().message, target.error().exit_code);
    return tl::unexpected(target.error().exit_code);
  }
  return reports::known_tpm(run_probes(*target, *options, words, catch_interrupts(), console));
}

/// What a report says of the TPM: one that was given, or one that is made now.
tl::expected<explain::KnownTpm, ExitCode> known_tpm(const Arguments& arguments, const Words& words,
                                                    Console& console) {
  if (words.probe) return probe_tpm(words.tcti, console);
  const auto text = read_text_file(words.report);
  if (!text) return arguments.refuse(fmt::format("{}: {}", words.report, text.error()), console);
  const auto report = reports::read_json(*text);
  if (!report) {
    return arguments.refuse(fmt::format("{} {}", words.report, report.error()), console);
  }
  return reports::known_tpm(*report);
}

Parsed checked(const Arguments& arguments, Words words, Console& console) {
  Options options{std::move(words.texts), nullptr, {}, {}, {}, {}, words.verbose};
  if (!words.command.empty()) {
    options.command = knowledge::find_command(words.command);
    if (options.command == nullptr) {
      return arguments.refuse("\"" + words.command + "\" is not a TPM 2.0 command", console);
    }
  }
  auto output = read_outputs(words.output, forms_of(kFormats));
  if (!output) return arguments.refuse(output.error(), console);
  if (const auto writable = check_writable(output->outputs); !writable) {
    return arguments.refuse(writable.error(), console);
  }
  options.outputs = std::move(output->outputs);
  if (!words.report.empty() || words.probe) {
    auto tpm = known_tpm(arguments, words, console);
    if (!tpm) return tl::unexpected(tpm.error());
    options.tpm = *std::move(tpm);
  }
  return options;
}

Parsed parse(const std::vector<std::string>& given, Console& console) {
  Arguments arguments("explain",
                      "Says what a TPM or TSS error code means, why it occurs and what to do.");
  Words words;
  declare(arguments, words);
  if (auto read = arguments.read(given, console); !read) return tl::unexpected(read.error());
  if (!words.folder.empty())
    return Options{{}, nullptr, {}, words.folder, words.base_url, {}, false};
  if (words.texts.empty() && !console.in_is_terminal) words.texts = {"-"};
  if (words.texts.empty()) {
    console.err << arguments.help();
    return tl::unexpected(kExitUsage);
  }
  return checked(arguments, std::move(words), console);
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

explain::ExplainedText explain_texts(const Options& options, Console& console) {
  explain::LogExplainer explainer(options.command);
  if (options.texts == std::vector<std::string>{"-"}) {
    read_stream(explainer, console.in);
  } else if (!read_words(explainer, options.texts)) {
    read_lines(explainer, fmt::format("{}", fmt::join(options.texts, " ")));
  }
  return std::move(explainer).finish();
}

void report_limits(const explain::ExplainedText& text, Console& console) {
  if (text.explanations.empty()) {
    complain(console, "explain",
             fmt::format("found no TPM or TSS response code and no known message in {}",
                         text.lines > 1 ? fmt::format("{} lines", text.lines) : "this text"),
             kExitFindings);
  }
  if (text.overflowed) {
    complain(console, "explain", "too many different codes; those in the last lines are left out",
             kExitOk);
  }
}

int exit_code(const explain::ExplainedText& text) {
  const bool known = text.primary && text.explanations[*text.primary].explanation.known;
  return known ? kExitOk : kExitFindings;
}

int write_pages(const Options& options, Console& console) {
  const auto files = export_pages(options.folder, options.base_url);
  if (files) {
    fmt::print(console.out, "{} files; start with {}/index.html\n", *files, options.folder);
    return kExitOk;
  }
  return complain(console, "explain", files.error().text,
                  files.error().is_usage ? kExitUsage : kExitInternal);
}

}  // namespace

int run_explain(const std::vector<std::string>& arguments, Console& console) {
  const Parsed options = parse(arguments, console);
  if (!options) return options.error();
  if (!options->folder.empty()) return write_pages(*options, console);
  explain::ExplainedText text = explain_texts(*options, console);
  if (options->tpm) sharpen(text, *options->tpm);
  console.out_style.bits = options->verbose;
  const int code =
      end_with({"explain", options->outputs, exit_code(text)}, text, kFormats, console);
  report_limits(text, console);
  return code;
}

}  // namespace tpmprobe::cli
