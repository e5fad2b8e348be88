// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/causes.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explain/pages/html.h"
#include "explain/pages/spelling.h"
#include "knowledge/command_table.h"

namespace tpmprobe::explain::pages {

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
