// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/command_table.h"

#include <algorithm>
#include <array>

#include "knowledge/text.h"

namespace tpmprobe::knowledge {

const TypeInfo* find_type(std::string_view name) {
  const auto all = types();
  const auto found = std::ranges::lower_bound(all, name, {}, &TypeInfo::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

namespace {

// What stands around a command's name in specification, headers and logs; longest first, and
// "Eys_" because tpm2-tools writes it so.
constexpr std::array<std::string_view, 7> kPrefixes = {"Tss2_Sys_", "TPM2_CC_", "TPM_CC_", "TPM2_",
                                                       "TPM_",      "Esys_",    "Eys_"};
constexpr std::array<std::string_view, 2> kSuffixes = {"_Finish", "_Async"};

std::string_view bare_name(std::string_view name) {
  for (const auto prefix : kPrefixes) {
    if (take_prefix(name, prefix)) {
      break;
    }
  }
  for (const auto suffix : kSuffixes) {
    if (name.size() > suffix.size() &&
        same_word(name.substr(name.size() - suffix.size()), suffix)) {
      name.remove_suffix(suffix.size());
    }
  }
  return name;
}

}  // namespace

const CommandInfo* find_command(std::uint32_t code) {
  const auto all = commands();
  const auto found = std::ranges::lower_bound(all, code, {}, &CommandInfo::code);
  return found != all.end() && found->code == code ? &*found : nullptr;
}

const CommandInfo* find_command(std::string_view name) {
  name = bare_name(name);
  const auto is_named = [name](const auto& row) { return same_word(row.name, name); };
  if (const auto found = std::ranges::find_if(commands(), is_named); found != commands().end()) {
    return &*found;
  }
  const auto aliases = command_aliases();
  const auto alias = std::ranges::find_if(aliases, is_named);
  return alias == aliases.end() ? nullptr : find_command(alias->code);
}

}  // namespace tpmprobe::knowledge
