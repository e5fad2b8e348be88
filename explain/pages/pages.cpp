// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/pages.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explain/pages/html.h"
#include "explain/pages/spelling.h"
#include "knowledge/command_table.h"

namespace tpmprobe::explain::pages {
namespace {

using knowledge::CauseClass;

std::string of_class(CauseClass wanted, std::span<const knowledge::Cause> causes,
                     const std::string& heading) {
  std::string html;
  for (const auto& cause : causes) {
    if (cause.cause_class == wanted) html += cause_article(cause, heading, 2);
  }
  return html;
}

}  // namespace

std::vector<CauseClass> cause_classes() {
  std::vector<CauseClass> classes;
  for (auto number = 0U; number <= static_cast<unsigned>(CauseClass::other); ++number) {
    classes.push_back(static_cast<CauseClass>(number));
  }
  return classes;
}

PageFile class_page(CauseClass cause_class) {
  const std::string title = title_of(cause_class);
  std::string main = fmt::format(
      "<h1>{}</h1>\n<p class=\"lead\">Causes of this class, by the error that they show up "
      "as.</p>\n",
      escape(title));
  for (const auto& info : knowledge::codes()) {
    main += of_class(cause_class, info.causes,
                     fmt::format("{}: {}", link(page_of(info), info.symbol), escape(info.clause)));
  }
  for (const auto& message : knowledge::messages()) {
    main += of_class(cause_class, message.causes,
                     link(fmt::format("{}#{}", message_page_name(message.family), message.id),
                          message.sentence));
  }
  return {page_of(cause_class), document({fmt::format("{}: TPM errors that it causes", title),
                                          fmt::format("TPM errors with a cause in the class {}.",
                                                      knowledge::to_string(cause_class)),
                                          {}},
                                         main)};
}

namespace {

using knowledge::CodeInfo;

std::string capitalised(std::string_view text) {
  std::string made(text);
  if (!made.empty() && made.front() >= 'a' && made.front() <= 'z') made.front() -= 'a' - 'A';
  return made;
}

std::string facts(const CodeInfo& info) {
  return fmt::format("<p class=\"facts\">{} · {} · {}</p>\n", code(hexadecimal(info.number)),
                     code(std::to_string(info.number)),
                     escape(knowledge::to_string(info.severity)));
}

std::string causes(const CodeInfo& info) {
  if (info.causes.empty()) return "";
  std::string html = "<section>\n<h2>Causes, most likely first</h2>\n";
  for (const auto& cause : info.causes) {
    html += cause_article(cause, link(page_of(cause.cause_class), title_of(cause.cause_class)), 3);
  }
  return html + "</section>\n";
}

std::string symbols(const Spelling& spelling) {
  std::string html;
  for (const auto& symbol : symbols_of(spelling)) html += code(symbol) + " ";
  return html;
}

std::string spellings(const CodeInfo& info) {
  std::string html =
      "<section>\n<h2>All ways in which it is written</h2>\n<div class=\"wide\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Spellings\">\n<table>\n<thead><tr><th "
      "scope=\"col\">Number</th><th scope=\"col\">Padded</th><th scope=\"col\">Decimal</th><th "
      "scope=\"col\">Where</th><th scope=\"col\">Symbol</th><th "
      "scope=\"col\">Text</th></tr></thead>\n<tbody>\n";
  for (const Spelling& spelling : spellings_of(info)) {
    html += fmt::format(
        "<tr id=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        slug(spelling.where), code(hexadecimal(spelling.rc)),
        code(fmt::format("0x{:08x}", spelling.rc)), code(std::to_string(spelling.rc)),
        escape(spelling.where), symbols(spelling), escape(spelling.text));
  }
  return html + "</tbody>\n</table>\n</div>\n</section>\n";
}

}  // namespace

PageFile code_page(const CodeInfo& info) {
  const std::string heading = capitalised(info.clause);
  std::string main =
      fmt::format("<h1>{} <small>{}</small></h1>\n{}<p class=\"lead\">{}</p>\n", escape(heading),
                  escape(info.symbol), facts(info), prose(info.meaning));
  main += causes(info) + spellings(info);
  return {page_of(info),
          document({fmt::format("{} ({}, {})", heading, info.symbol, hexadecimal(info.number)),
                    std::string(info.meaning),
                    {}},
                   main)};
}

namespace {

using knowledge::CodeInfo;
using knowledge::CommandInfo;
using knowledge::RcPlace;

constexpr std::uint16_t kFormat1 = 0x080;

/// The numbers of TPM_RC_SIZE and its like at a place end in the same way for every error: 0x1c0
/// and more for the first parameter.
std::string row(RcPlace place, std::size_t index, std::string_view name) {
  const auto first = at_position(kFormat1, {place, static_cast<std::uint8_t>(index)});
  return fmt::format("<tr><th scope=\"row\">{} {}</th><td>{}</td><td>{} to {}</td></tr>\n",
                     knowledge::to_string(place), index, code(name), code(hexadecimal(first)),
                     code(hexadecimal(first | 0x3fU)));
}

std::string places(const CommandInfo& command) {
  std::string rows;
  for (std::size_t i = 0; i < command.handles.size(); ++i) {
    rows += row(RcPlace::handle, i + 1, command.handles[i].name);
  }
  for (std::size_t i = 0; i < command.parameters.size(); ++i) {
    rows += row(RcPlace::parameter, i + 1, command.parameters[i].name);
  }
  if (rows.empty()) return "";
  return "<section>\n<h2>What a number refers to</h2>\n<table>\n<thead><tr><th "
         "scope=\"col\">Place</th><th scope=\"col\">Name in Part 3</th><th "
         "scope=\"col\">Codes</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody>\n</table>\n</section>\n";
}

/// The position that a cause names, in this command.
knowledge::RcPosition position_of(const knowledge::Cause& cause, const CommandInfo& command) {
  const auto index_in = [&](const auto& fields) {
    const auto at =
        std::ranges::find(fields, cause.when.name, [](const auto& field) { return field.name; });
    return static_cast<std::uint8_t>(at == fields.end() ? 0 : at - fields.begin() + 1);
  };
  std::uint8_t index = 0;
  if (cause.when.place == RcPlace::parameter) index = index_in(command.parameters);
  if (cause.when.place == RcPlace::handle) index = index_in(command.handles);
  return index == 0 ? knowledge::RcPosition{} : knowledge::RcPosition{cause.when.place, index};
}

std::string heading_of(const CodeInfo& info, const knowledge::Cause& cause,
                       const CommandInfo& command) {
  const auto number = at_position(info.number, position_of(cause, command));
  return fmt::format("{} {}: {}", code(hexadecimal(number)), link(page_of(info), info.symbol),
                     escape(info.clause));
}

std::string errors(const CommandInfo& command) {
  std::string html;
  for (const CodeInfo& info : knowledge::codes()) {
    for (const auto& cause : info.causes) {
      if (std::ranges::find(cause.when.commands, command.code) == cause.when.commands.end()) {
        continue;
      }
      html += cause_article(cause, heading_of(info, cause, command), 3);
    }
  }
  if (html.empty()) return "<p>No error with a cause specific to this command is known.</p>\n";
  return "<section>\n<h2>Errors of this command</h2>\n" + html + "</section>\n";
}

}  // namespace

PageFile command_page(const CommandInfo& command) {
  const std::string name = fmt::format("TPM2_{}", command.name);
  std::string main = fmt::format(
      "<h1>Errors of {0}</h1>\n<p class=\"facts\">{1} · {2} · {3} · {4}</p>\n", escape(name),
      code(hexadecimal(command.code)), code(fmt::format("TPM2_CC_{}", command.name)),
      code(fmt::format("Esys_{}", command.name)), code(fmt::format("Tss2_Sys_{}", command.name)));
  main += places(command) + errors(command);
  return {page_of(command),
          document({fmt::format("Errors of {}", name),
                    fmt::format("Which error codes {} gives, why, and what to do.", name),
                    {}},
                   main)};
}

namespace {

std::string section(const knowledge::MessageInfo& message) {
  std::string html = fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n<ul class=\"texts\">\n",
                                 escape(message.id), escape(message.sentence));
  for (const auto text : message.texts) html += fmt::format("<li>{}</li>\n", code(text));
  html += fmt::format("</ul>\n<p>{}</p>\n", prose(message.meaning));
  for (const auto& cause : message.causes) {
    html += cause_article(cause, link(page_of(cause.cause_class), title_of(cause.cause_class)), 3);
  }
  return html + "</section>\n";
}

}  // namespace

std::string message_page_name(std::string_view family) {
  return fmt::format("messages-{}.html", slug(family));
}

std::vector<std::string_view> message_families() {
  std::set<std::string_view> families;
  for (const auto& message : knowledge::messages()) families.insert(message.family);
  return {families.begin(), families.end()};
}

PageFile message_page(std::string_view family) {
  std::string main = fmt::format(
      "<h1>Messages of {}</h1>\n<p class=\"lead\">Messages without a number that appear in logs, "
      "and what they mean. * stands for any words.</p>\n",
      escape(family));
  for (const auto& message : knowledge::messages()) {
    if (message.family == family) main += section(message);
  }
  return {
      message_page_name(family),
      document({fmt::format("Messages of {} about a TPM", family),
                fmt::format("What the messages of {} about a TPM mean, and what to do.", family),
                {}},
               main)};
}

std::string condition_in_words(const knowledge::CauseCondition& when) {
  std::vector<std::string> words;
  for (const auto command : when.commands) {
    const auto* info = knowledge::find_command(command);
    words.push_back(info == nullptr ? hexadecimal(command) : fmt::format("TPM2_{}", info->name));
  }
  if (when.place != knowledge::RcPlace::none) {
    words.push_back(when.name.empty()
                        ? fmt::format("any {}", knowledge::to_string(when.place))
                        : fmt::format("{} {}", knowledge::to_string(when.place), when.name));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string cause_article(const knowledge::Cause& cause, std::string_view heading, int level) {
  std::string html = fmt::format("<article class=\"cause\">\n<h{0}>{1}</h{0}>\n<p>{2}</p>\n<dl>\n",
                                 level, heading, prose(cause.summary));
  if (const auto when = condition_in_words(cause.when); !when.empty()) {
    html += fmt::format("<dt>When</dt><dd>{}</dd>\n", escape(when));
  }
  if (!cause.confirm.empty()) {
    html += fmt::format("<dt>Confirm</dt><dd>{}</dd>\n", prose(cause.confirm));
  }
  if (!cause.fix.empty()) html += fmt::format("<dt>Fix</dt><dd>{}</dd>\n", prose(cause.fix));
  return html + "</dl>\n</article>\n";
}

std::string title_of(knowledge::CauseClass cause_class) {
  std::string title(knowledge::to_string(cause_class));
  for (char& c : title) {
    if (c == '-') c = ' ';
  }
  if (!title.empty()) title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

}  // namespace tpmprobe::explain::pages
