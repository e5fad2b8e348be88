// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iterator>
#include <utility>

#include "emulator/quirk/capability_page.h"
#include "emulator/quirk/effects.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;
using knowledge::WireField;

/// More than any list of a TPM has.
constexpr std::size_t kAllEntries = 1000;

std::uint64_t value_of(const CommandView& command, std::string_view path) {
  const WireField* field = command.integer(path);
  return field == nullptr ? 0 : field->value;
}

/// The same question from another entry on, for all that there are from there.
Bytes ask_from(const CommandView& command, std::uint64_t first_entry) {
  Bytes question(command.octets().begin(), command.octets().end());
  const auto set = [&](std::string_view path, std::uint64_t value) {
    const WireField* field = command.integer(path);
    if (field != nullptr) header::store(question, field->offset, field->size, value);
  };
  set("property", first_entry);
  set("propertyCount", kAllEntries);
  return question;
}

Expected<Bytes> fetch(Exchange& exchange, std::uint64_t first_entry) {
  const Bytes question = ask_from(exchange.command, first_entry);
  return exchange.next(CommandView(question));
}

/// Adds the pages that follow. Ends where the TPM has no more, or does not get on.
Expected<void> fetch_rest(Exchange& exchange, CapabilityList list, CapabilityPage& page) {
  while (page.more_data && !page.entries.empty()) {
    const std::uint64_t last = page.entries.back().key;
    auto response = fetch(exchange, last + 1);
    if (!response) return tl::unexpected(std::move(response.error()));
    auto next = read_page(exchange.command, *response, list);
    if (!next || next->entries.empty() || next->entries.back().key <= last) break;
    page.more_data = next->more_data;
    std::ranges::move(next->entries, std::back_inserter(page.entries));
  }
  return {};
}

/// How many entries the caller gets at once: as many as it asked for and the TPM had room for.
std::size_t room_in(const CapabilityPage& first_page, CapabilityList list,
                    const CommandView& command) {
  // The list of PCR banks is never cut (Part 3, 30.2).
  if (list == CapabilityList::pcr_banks) return kAllEntries;
  const std::size_t asked = value_of(command, "propertyCount");
  return first_page.more_data ? std::min(asked, first_page.entries.size()) : asked;
}

/// The answer of a TPM that has these entries instead: `change` gets all from the one on that was
/// asked for.
template <typename Change>
Expected<Bytes> with_other_entries(Exchange& exchange, CapabilityList list, Change&& change) {
  const CommandView& command = exchange.command;
  if (!asks_for(command, capability_of(list))) return exchange.pass_on();
  auto response = fetch(exchange, value_of(command, "property"));
  if (!response) return response;
  auto page = read_page(command, *response, list);
  if (!page) return response;

  const std::size_t room = room_in(*page, list, command);
  if (auto done = fetch_rest(exchange, list, *page); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  change(page->entries);
  page->more_data = page->entries.size() > room;
  if (page->more_data) page->entries.resize(room);
  return replace_page(command, *response, *page);
}

constexpr std::size_t kShort = 2, kLong = 4;

/// An entry in wire form: TPMS_ALG_PROPERTY, TPMA_CC, TPM_ECC_CURVE, TPMS_TAGGED_PROPERTY or
/// TPM_HANDLE (Part 2, 10.8).
Bytes octets_of(CapabilityList list, const AddCapability::Entry& entry) {
  const bool short_key = list == CapabilityList::algorithms || list == CapabilityList::curves;
  const bool has_value = list == CapabilityList::algorithms || list == CapabilityList::properties;
  const std::size_t key_size = short_key ? kShort : kLong;
  Bytes octets(key_size + (has_value ? kLong : 0));
  const bool is_command = list == CapabilityList::commands;
  header::store(octets, 0, key_size, is_command ? entry.key | entry.value : entry.key);
  if (has_value) header::store(octets, key_size, kLong, entry.value);
  return octets;
}

}  // namespace

Expected<Bytes> apply(const HideCapability& effect, Exchange& exchange) {
  return with_other_entries(exchange, effect.list, [&](std::vector<CapabilityEntry>& entries) {
    std::erase_if(entries, [&](const CapabilityEntry& entry) {
      return std::ranges::find(effect.entries, entry.key) != effect.entries.end();
    });
  });
}

Expected<Bytes> apply(const AddCapability& effect, Exchange& exchange) {
  const std::uint64_t first = value_of(exchange.command, "property");
  return with_other_entries(exchange, effect.list, [&](std::vector<CapabilityEntry>& entries) {
    for (const auto& added : effect.entries) {
      const auto place = std::ranges::lower_bound(entries, added.key, {}, &CapabilityEntry::key);
      const bool is_there = place != entries.end() && place->key == added.key;
      if (is_there || added.key < first) continue;
      entries.insert(place, {added.key, octets_of(effect.list, added)});
    }
  });
}

Expected<Bytes> apply(const SetProperty& effect, Exchange& exchange) {
  auto response = exchange.pass_on();
  if (!response) return response;
  auto page = read_page(exchange.command, *response, CapabilityList::properties);
  if (!page) return response;
  for (CapabilityEntry& entry : page->entries) {
    // TPMS_TAGGED_PROPERTY: the property, then its value.
    if (entry.key == effect.property) header::store(entry.octets, 4, 4, effect.value);
  }
  return replace_page(exchange.command, *response, *page);
}

}  // namespace tpmprobe::emulator
