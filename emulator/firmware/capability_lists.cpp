// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/capability_lists.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "emulator/firmware/engine_properties.h"
#include "emulator/firmware/key_sizes.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/handles.h"
#include "knowledge/property_tags.h"
#include "tpm/command_builder.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;

constexpr std::uint32_t kNoEnd = 0xFFFFFFFF;
constexpr std::uint32_t kAllEntries = 1000;

/// TPM2_GetCapability without sessions.
Bytes question(std::uint32_t capability, std::uint32_t property) {
  return tpm::CommandBuilder(knowledge::cc::kGetCapability)
      .parameter(capability)
      .parameter(property)
      .parameter(kAllEntries)
      .build();
}

CapabilityEntry entry(std::uint32_t key,
                      std::initializer_list<std::pair<std::size_t, std::uint64_t>> members) {
  CapabilityEntry made{key, {}};
  for (const auto& [size, value] : members) header::append(made.octets, size, value);
  return made;
}

std::string command_name(std::uint32_t code) {
  const auto* info = knowledge::find_command(code);
  return info == nullptr ? fmt::format("0x{:08x}", code) : fmt::format("TPM2_{}", info->name);
}

}  // namespace

Expected<CapabilityEntries> read_entries(tpm::Transport& tpm, CapabilityList list,
                                         std::uint32_t first, std::uint32_t past) {
  CapabilityEntries all;
  for (bool more = true; more;) {
    tpm::WireExchange exchange(question(capability_of(list), first));
    auto carried = tpm.carry(exchange, tpm::kNoDeadline);
    if (!carried) return tl::unexpected(std::move(carried.error()));
    if (const auto rc = exchange.rc(); rc != 0) {
      return fail(Error::Kind::tpm, knowledge::cc::kGetCapability,
                  "the TPM does not tell what it has", rc);
    }
    auto page = read_page(exchange, list);
    if (!page) {
      return fail(Error::Kind::malformed, knowledge::cc::kGetCapability,
                  "the TPM does not answer with the list that it was asked for");
    }
    more = page->more_data && !page->entries.empty() && page->entries.back().key >= first;
    if (more) first = page->entries.back().key + 1;
    more = more && first < past;
    std::ranges::copy_if(page->entries, std::back_inserter(all),
                         [&](const CapabilityEntry& one) { return one.key < past; });
  }
  return all;
}

/// Puts the lists of profile and engine together.
class CapabilityLists::Builder {
 public:
  Builder(tpm::Transport& engine, const knowledge::FirmwareProfile& profile)
      : engine_(engine), profile_(profile) {}

  Expected<CapabilityLists> build() {
    return algorithms()
        .and_then([&] { return curves(); })
        .and_then([&] { return commands(); })
        .and_then([&] { return key_sizes(); })
        .and_then([&] { return properties(); })
        .map([&] { return std::move(lists_); });
  }

 private:
  /// `wanted`, less what the engine lacks.
  template <typename Name>
  Expected<CapabilityEntries> common(CapabilityList list, CapabilityEntries wanted, Name&& name) {
    const auto own = read_entries(engine_, list, 0, kNoEnd);
    if (!own) return tl::unexpected(own.error());
    std::erase_if(wanted, [&](const CapabilityEntry& one) {
      const bool has = std::ranges::find(*own, one.key, &CapabilityEntry::key) != own->end();
      if (!has) lists_.missing_.push_back(name(one.key));
      return !has;
    });
    return wanted;
  }

  Expected<void> algorithms() {
    if (!profile_.algorithms) return {};
    CapabilityEntries wanted;
    for (const auto& [id, attributes] : *profile_.algorithms) {
      wanted.push_back(entry(id, {{2, id}, {4, attributes}}));
    }
    return common(CapabilityList::algorithms, std::move(wanted),
                  [](std::uint32_t id) {
                    return "algorithm " + knowledge::algorithm_name(static_cast<std::uint16_t>(id));
                  })
        .map([&](CapabilityEntries&& list) { lists_.algorithms_ = std::move(list); });
  }

  Expected<void> curves() {
    if (!profile_.curves && lacks_ecc()) lists_.curves_.emplace();
    if (!profile_.curves) return {};
    CapabilityEntries wanted;
    for (const std::uint16_t id : *profile_.curves) wanted.push_back(entry(id, {{2, id}}));
    return common(CapabilityList::curves, std::move(wanted),
                  [](std::uint32_t id) {
                    return "curve " + knowledge::curve_name(static_cast<std::uint16_t>(id));
                  })
        .map([&](CapabilityEntries&& list) { lists_.curves_ = std::move(list); });
  }

  bool lacks_ecc() const {
    return profile_.algorithms &&
           std::ranges::find(*profile_.algorithms, knowledge::alg::kEcc,
                             &knowledge::AlgorithmEntry::id) == profile_.algorithms->end();
  }

  Expected<void> commands() {
    if (!profile_.commands) return {};
    CapabilityEntries wanted;
    for (const std::uint32_t attributes : *profile_.commands) {
      wanted.push_back(entry(attributes & knowledge::kCommandOfAttributes, {{4, attributes}}));
    }
    return common(CapabilityList::commands, std::move(wanted),
                  [](std::uint32_t code) { return "command " + command_name(code); })
        .map([&](CapabilityEntries&& list) { lists_.commands_ = std::move(list); });
  }

  Expected<void> key_sizes() {
    return missing_key_sizes(engine_, profile_).map([&](std::vector<std::string>&& names) {
      std::ranges::move(names, std::back_inserter(lists_.missing_));
    });
  }

  Expected<void> properties() {
    if (!profile_.properties_fixed) return {};
    const auto own =
        read_entries(engine_, CapabilityList::properties, knowledge::kPtFixed, knowledge::kPtVar);
    if (!own) return tl::unexpected(own.error());
    auto values = *profile_.properties_fixed;
    std::erase_if(values, [](const auto& one) { return one.tag >= knowledge::kPtVar; });
    adjust_to_engine(values, *own, lists_.missing_);
    if (lists_.commands_)
      adjust_to_commands(values, *profile_.commands, *lists_.commands_, lists_.missing_);
    if (lists_.algorithms_)
      adjust_to_hashes(values, *profile_.algorithms, *lists_.algorithms_, lists_.missing_);
    lists_.properties_.emplace();
    for (const auto& [tag, value] : values) {
      lists_.properties_->push_back(entry(tag, {{4, tag}, {4, value}}));
    }
    return {};
  }

  tpm::Transport& engine_;
  const knowledge::FirmwareProfile& profile_;
  CapabilityLists lists_;
};

Expected<CapabilityLists> CapabilityLists::create(tpm::Transport& engine,
                                                  const knowledge::FirmwareProfile& profile) {
  return Builder(engine, profile).build();
}

const CapabilityEntries* CapabilityLists::find(CapabilityList list) const {
  const auto known = [](const std::optional<CapabilityEntries>& entries) {
    return entries ? &*entries : nullptr;
  };
  switch (list) {
    case CapabilityList::algorithms:
      return known(algorithms_);
    case CapabilityList::commands:
      return known(commands_);
    case CapabilityList::curves:
      return known(curves_);
    case CapabilityList::properties:
      return known(properties_);
    case CapabilityList::handles:
    case CapabilityList::pcr_banks:
      break;
  }
  return nullptr;
}

std::optional<std::uint32_t> CapabilityLists::property(std::uint32_t tag) const {
  if (!properties_) return std::nullopt;
  const auto found = std::ranges::find(*properties_, tag, &CapabilityEntry::key);
  if (found == properties_->end()) return std::nullopt;
  return static_cast<std::uint32_t>(header::load(found->octets, 4, 4));
}

}  // namespace tpmprobe::emulator
