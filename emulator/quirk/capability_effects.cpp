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

/// More than any list of a TPM has.
constexpr std::size_t kAllEntries = 1000;

/// The same question from another entry on, for all that there are from there.
Expected<void> fetch(Exchange& exchange, std::uint64_t first_entry) {
  const tpm::Parameters& asked = exchange.wire.asked();
  Bytes question(asked.message.begin(), asked.message.end());
  const auto set = [&](std::string_view path, std::uint64_t value) {
    const auto* field = asked.find(path);
    if (field != nullptr) header::store(question, field->offset, field->size, value);
  };
  set("property", first_entry);
  set("propertyCount", kAllEntries);
  return exchange.pass_on_instead(std::move(question));
}

/// Adds the pages that follow. Ends where the TPM has no more, or does not get on.
Expected<void> fetch_rest(Exchange& exchange, CapabilityList list, CapabilityPage& page) {
  while (page.more_data && !page.entries.empty()) {
    const std::uint64_t last = page.entries.back().key;
    if (auto fetched = fetch(exchange, last + 1); !fetched) return fetched;
    auto next = read_page(exchange.wire, list);
    if (!next || next->entries.empty() || next->entries.back().key <= last) break;
    page.more_data = next->more_data;
    std::ranges::move(next->entries, std::back_inserter(page.entries));
  }
  return {};
}

/// How many entries the caller gets at once: as many as it asked for and the TPM had room for.
std::size_t room_in(const CapabilityPage& first_page, CapabilityList list,
                    const tpm::WireExchange& command) {
  // The list of PCR banks is never cut (Part 3, 30.2).
  if (list == CapabilityList::pcr_banks) return kAllEntries;
  const std::size_t asked = command.asked().value("propertyCount");
  return first_page.more_data ? std::min(asked, first_page.entries.size()) : asked;
}

/// The answer of a TPM that has these entries instead: `change` gets all from the one on that was
/// asked for.
template <typename Change>
Expected<void> with_other_entries(Exchange& exchange, CapabilityList list, Change&& change) {
  tpm::WireExchange& wire = exchange.wire;
  if (!asks_for(wire, capability_of(list))) return exchange.pass_on();
  if (auto fetched = fetch(exchange, wire.asked().value("property")); !fetched) return fetched;
  auto page = read_page(wire, list);
  if (!page) return {};

  Bytes response = wire.response();
  const std::size_t room = room_in(*page, list, wire);
  if (auto done = fetch_rest(exchange, list, *page); !done) return done;
  change(page->entries);
  page->more_data = page->entries.size() > room;
  if (page->more_data) page->entries.resize(room);
  wire.answer(std::move(response));
  replace_page(wire, *page);
  return {};
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

Expected<void> apply(const HideCapability& effect, Exchange& exchange) {
  return with_other_entries(exchange, effect.list, [&](std::vector<CapabilityEntry>& entries) {
    std::erase_if(entries, [&](const CapabilityEntry& entry) {
      return std::ranges::find(effect.entries, entry.key) != effect.entries.end();
    });
  });
}

Expected<void> apply(const AddCapability& effect, Exchange& exchange) {
  const std::uint64_t first = exchange.wire.asked().value("property");
  return with_other_entries(exchange, effect.list, [&](std::vector<CapabilityEntry>& entries) {
    for (const auto& added : effect.entries) {
      const auto place = std::ranges::lower_bound(entries, added.key, {}, &CapabilityEntry::key);
      const bool is_there = place != entries.end() && place->key == added.key;
      if (is_there || added.key < first) continue;
      entries.insert(place, {added.key, octets_of(effect.list, added)});
    }
  });
}

Expected<void> apply(const SetProperty& effect, Exchange& exchange) {
  auto passed = exchange.pass_on();
  auto page = passed ? read_page(exchange.wire, CapabilityList::properties) : std::nullopt;
  if (!page) return passed;
  for (CapabilityEntry& entry : page->entries) {
    // TPMS_TAGGED_PROPERTY: the property, then its value.
    if (entry.key == effect.property) header::store(entry.octets, 4, 4, effect.value);
  }
  replace_page(exchange.wire, *page);
  return {};
}

}  // namespace tpmprobe::emulator
