// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "knowledge/quirk/quirk.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

// A file of ours that cannot be read is found by the tests, before anybody else can meet it.
std::vector<Quirk> read_all() {
  std::vector<Quirk> all;
  for (const Document& document : quirk_documents()) {
    if (auto quirk = read_quirk(document.text)) all.push_back(std::move(*quirk));
  }
  std::ranges::sort(all, {}, &Quirk::id);
  return all;
}

}  // namespace

bool matches(const FirmwareMatch& match, std::string_view manufacturer,
             std::optional<std::uint64_t> firmware) {
  if (!match.manufacturer.empty() && match.manufacturer != manufacturer) return false;
  const bool any_version = match.from == 0 && match.to == UINT64_MAX;
  return any_version || (firmware && *firmware >= match.from && *firmware <= match.to);
}

const std::vector<Quirk>& quirks() {
  static const std::vector<Quirk> kAll = read_all();
  return kAll;
}

const Quirk* find_quirk(std::string_view word) {
  const auto found = std::ranges::find_if(quirks(), [&](const Quirk& quirk) {
    return same_word(quirk.id, word) || same_word(quirk.name, word);
  });
  return found == quirks().end() ? nullptr : &*found;
}

}  // namespace tpmprobe::knowledge
