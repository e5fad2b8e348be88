// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "explain/pages/site.h"
#include "knowledge/codes.h"
#include "knowledge/messages.h"

namespace tpmprobe::explain::pages {

/// Where a cause can be the one: "TPM2_Sign, parameter digest"; empty if anywhere.
std::string condition_in_words(const knowledge::CauseCondition& when);

/// One cause as an `<article>`. `heading` is HTML for what goes above it, in an element of level
/// `level`.
std::string cause_article(const knowledge::Cause& cause, std::string_view heading, int level);

/// The class of a cause as a person says it, with a capital: "Unsupported algorithm".
std::string title_of(knowledge::CauseClass cause_class);

/// style.css, as it lies beside this file.
std::string_view style_sheet();

/// search.js: narrows the index down while somebody types.
std::string_view search_script();

/// The kinds of pages, each from what knowledge/ says.
/// All classes of causes, in the order of the list that the JSON schema has.
std::vector<knowledge::CauseClass> cause_classes();

/// One error: what it means, its causes, every number and symbol in which it is met.
PageFile code_page(const knowledge::CodeInfo& info);

/// One command: its handles and parameters with the numbers that point at them, and the errors that
/// have causes for this command.
PageFile command_page(const knowledge::CommandInfo& command);

/// One class: its causes, by the error or message in which they show.
PageFile class_page(knowledge::CauseClass cause_class);

/// The messages of one program.
PageFile message_page(std::string_view family);
/// Its file: "messages-openssh.html".
std::string message_page_name(std::string_view family);
/// The programs that messages are known of, each once, sorted.
std::vector<std::string_view> message_families();

/// The list of all pages, which script can narrow down.
PageFile index_page();
/// The numbers that the search knows, as a script: number to page and anchor.
PageFile search_data();

/// Small pages that lead from a number ("0x1d5.html") to the page on its error.
std::vector<PageFile> redirects();

}  // namespace tpmprobe::explain::pages
