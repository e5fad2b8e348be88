// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "explain/pages/causes.h"
#include "explain/pages/html.h"
#include "explain/pages/pages.h"
#include "explain/pages/spelling.h"

namespace tpmprobe::explain::pages {
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
  return "<section>\n<h2>What a number points at</h2>\n<table>\n<thead><tr><th scope=\"col\">Place"
         "</th><th scope=\"col\">Name in Part 3</th><th scope=\"col\">Codes</th></tr></thead>\n"
         "<tbody>\n" +
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
  if (html.empty()) return "<p>No error is known whose cause is this command's own.</p>\n";
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

}  // namespace tpmprobe::explain::pages
