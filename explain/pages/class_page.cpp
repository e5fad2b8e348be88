// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "explain/pages/causes.h"
#include "explain/pages/html.h"
#include "explain/pages/pages.h"
#include "explain/pages/spelling.h"

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
      "<h1>{}</h1>\n<p class=\"lead\">Causes of this class, by the error in which they show.</p>\n",
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
                                          fmt::format("TPM errors whose cause is of the class {}.",
                                                      knowledge::to_string(cause_class)),
                                          {}},
                                         main)};
}

}  // namespace tpmprobe::explain::pages
