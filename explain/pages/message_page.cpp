// SPDX-License-Identifier: BSD-2-Clause
#include <set>

#include <fmt/format.h>

#include "explain/pages/causes.h"
#include "explain/pages/html.h"
#include "explain/pages/pages.h"
#include "explain/pages/spelling.h"

namespace tpmprobe::explain::pages {
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
      "<h1>Messages of {}</h1>\n<p class=\"lead\">Texts without a number that stand in logs, and "
      "what "
      "they mean. * stands for any words.</p>\n",
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

}  // namespace tpmprobe::explain::pages
