// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/capability_answer.h"

#include <algorithm>
#include <iterator>

#include "knowledge/property_tags.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

// Part 2, 10.9.1 "MAX_CAP_DATA": MAX_CAP_BUFFER less the capability and the count.
constexpr std::size_t kMaxCapBuffer = 1024;
constexpr std::size_t kMaxCapData = kMaxCapBuffer - 2 * sizeof(std::uint32_t);

constexpr std::array kProfileLists = {CapabilityList::algorithms, CapabilityList::commands,
                                      CapabilityList::properties, CapabilityList::curves};

/// How many entries of a list fit into one answer.
std::size_t room(CapabilityList list) {
  switch (list) {
    case CapabilityList::algorithms:
      return kMaxCapData / 6;
    case CapabilityList::properties:
      return kMaxCapData / 8;
    case CapabilityList::curves:
    case CapabilityList::pcr_banks:
      return kMaxCapData / 2;
    case CapabilityList::commands:
    case CapabilityList::handles:
      break;
  }
  return kMaxCapData / 4;
}

}  // namespace

Expected<void> CapabilityAnswer::replace(tpm::WireExchange& exchange) const {
  if (exchange.success() == nullptr) return {};
  if (asks_for(exchange, capability_of(CapabilityList::curves)) && profile_.curves_refused) {
    exchange.answer(tpm::header::response(*profile_.curves_refused));
    return {};
  }
  if (auto banks = read_page(exchange, CapabilityList::pcr_banks)) {
    hide_banks(*banks);
    replace_page(exchange, *banks);
    return {};
  }
  const auto list = std::ranges::find_if(
      kProfileLists, [&](CapabilityList one) { return asks_for(exchange, capability_of(one)); });
  const auto first = static_cast<std::uint32_t>(exchange.asked().value("property"));
  if (list == kProfileLists.end() || lists_.find(*list) == nullptr ||
      (*list == CapabilityList::properties && first >= knowledge::kPtVar)) {
    return {};
  }
  const std::size_t count =
      std::min<std::size_t>(exchange.asked().value("propertyCount"), room(*list));
  return page_of(*list, first, count).map([&](const CapabilityPage& page) {
    replace_page(exchange, page);
  });
}

Expected<CapabilityPage> CapabilityAnswer::page_of(CapabilityList list, std::uint32_t first,
                                                   std::size_t count) const {
  CapabilityPage page;
  std::ranges::copy_if(*lists_.find(list), std::back_inserter(page.entries),
                       [&](const CapabilityEntry& entry) { return entry.key >= first; });
  page.more_data = page.entries.size() > count;
  if (page.more_data) page.entries.resize(count);
  if (page.more_data || list != CapabilityList::properties) return page;
  return add_variable(page, count).map([&] { return std::move(page); });
}

// The two groups of TPM_PT are one list (Part 3, 30.2.1), and the second of them is live.
Expected<void> CapabilityAnswer::add_variable(CapabilityPage& page, std::size_t count) const {
  auto variable =
      read_entries(engine_, CapabilityList::properties, knowledge::kPtVar, 2 * knowledge::kPtVar);
  if (!variable) return tl::unexpected(variable.error());
  const std::size_t left = count - page.entries.size();
  page.more_data = variable->size() > left;
  if (page.more_data) variable->resize(left);
  std::ranges::move(*variable, std::back_inserter(page.entries));
  return {};
}

void CapabilityAnswer::hide_banks(CapabilityPage& page) const {
  if (!profile_.algorithms) return;
  std::erase_if(page.entries, [&](const CapabilityEntry& bank) {
    return std::ranges::find(*profile_.algorithms, bank.key, &knowledge::AlgorithmEntry::id) ==
           profile_.algorithms->end();
  });
}

}  // namespace tpmprobe::emulator
