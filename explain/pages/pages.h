// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "explain/pages/site.h"
#include "knowledge/codes.h"
#include "knowledge/messages.h"

/// The kinds of pages, each from what knowledge/ says.
namespace tpmprobe::explain::pages {

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
