// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/capability_lists.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "emulator/quirk/capability_page.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/capabilities.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/firmware_profile/profile.h"
#include "knowledge/handles.h"
#include "knowledge/properties.h"
#include "knowledge/property_tags.h"
#include "knowledge/wire.h"
#include "tpm/command_builder.h"
#include "tpm/layers/header.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {
namespace {

using knowledge::Property;

/// The properties that promise room: a user who relies on the firmware's value must find it.
constexpr std::array kRoom = {
    knowledge::kPtInputBuffer,     knowledge::kPtHrTransientMin,    knowledge::kPtHrPersistentMin,
    knowledge::kPtHrLoadedMin,     knowledge::kPtActiveSessionsMax, knowledge::kPtPcrCount,
    knowledge::kPtContextGapMax,   knowledge::kPtNvIndexMax,        knowledge::kPtMaxCommandSize,
    knowledge::kPtMaxResponseSize, knowledge::kPtMaxDigest,         knowledge::kPtSplitMax,
    knowledge::kPtNvBufferMax};

void set(Property& property, std::uint32_t here, std::vector<std::string>& missing) {
  if (property.value == here) return;
  const auto* info = knowledge::find_property(property.tag);
  missing.push_back(fmt::format(
      "{} {} (here {})", info == nullptr ? fmt::format("0x{:x}", property.tag) : info->symbol,
      property.value, here));
  property.value = here;
}

Property* find(std::vector<Property>& values, std::uint32_t tag) {
  const auto found = std::ranges::find(values, tag, &Property::tag);
  return found == values.end() ? nullptr : &*found;
}

void lessen(std::vector<Property>& values, std::uint32_t tag, std::size_t less,
            std::vector<std::string>& missing) {
  Property* property = find(values, tag);
  if (property == nullptr || property->value < less) return;
  set(*property, property->value - static_cast<std::uint32_t>(less), missing);
}

std::uint32_t digest_size(std::uint32_t algorithm) {
  const auto* info = knowledge::find_algorithm(static_cast<std::uint16_t>(algorithm));
  return info == nullptr ? 0 : info->digest_size;
}

/// Fixed properties of a firmware on an engine that has less of something. Whatever is changed is
/// named in `missing`: "TPM_PT_HR_TRANSIENT_MIN 6 (here 3)".
/// Where the engine has less room, its value. `engine` are its own fixed properties.
void adjust_to_engine(std::vector<Property>& values, const std::vector<CapabilityEntry>& engine,
                      std::vector<std::string>& missing) {
  for (Property& property : values) {
    if (std::ranges::find(kRoom, property.tag) == kRoom.end()) continue;
    const auto own = std::ranges::find(engine, property.tag, &CapabilityEntry::key);
    if (own == engine.end()) continue;
    const auto here = static_cast<std::uint32_t>(tpm::header::load(own->octets, 4, 4));
    if (here < property.value) set(property, here, missing);
  }
}

/// The counts of commands, less those of `wanted` (TPMA_CC) that are not `listed`.
void adjust_to_commands(std::vector<Property>& values, const std::vector<std::uint32_t>& wanted,
                        const std::vector<CapabilityEntry>& listed,
                        std::vector<std::string>& missing) {
  const auto of_vendor = [](std::uint32_t attributes) {
    return (attributes & knowledge::kCcV) != 0;
  };
  const auto wanted_of_vendor = static_cast<std::size_t>(std::ranges::count_if(wanted, of_vendor));
  const auto listed_of_vendor =
      static_cast<std::size_t>(std::ranges::count_if(listed, of_vendor, &CapabilityEntry::key));
  const std::size_t all = wanted.size() - listed.size();
  const std::size_t vendor = wanted_of_vendor - listed_of_vendor;
  lessen(values, knowledge::kPtTotalCommands, all, missing);
  lessen(values, knowledge::kPtLibraryCommands, all - vendor, missing);
  lessen(values, knowledge::kPtVendorCommands, vendor, missing);
}

/// TPM_PT_MAX_DIGEST, if the longest hash of `wanted` is not `listed`.
void adjust_to_hashes(std::vector<Property>& values,
                      const std::vector<knowledge::AlgorithmEntry>& wanted,
                      const std::vector<CapabilityEntry>& listed,
                      std::vector<std::string>& missing) {
  Property* property = find(values, knowledge::kPtMaxDigest);
  if (property == nullptr || wanted.size() == listed.size()) return;
  std::uint32_t longest = 0;
  for (const CapabilityEntry& entry : listed) longest = std::max(longest, digest_size(entry.key));
  if (longest != 0 && longest < property->value) set(*property, longest, missing);
}

namespace alg = knowledge::alg;

constexpr std::uint16_t kAes = 0x0006, kSymcipher = 0x0025, kCfb = 0x0043;  // TPM_ALG_ID

/// TPM2_TestParms of a TPMT_PUBLIC_PARMS whose members are all UINT16.
Bytes test_parms(std::initializer_list<std::uint16_t> members) {
  tpm::CommandBuilder command(knowledge::cc::kTestParms);
  for (const std::uint16_t member : members) command.parameter(member);
  return command.build();
}

/// No symmetric algorithm, no scheme, the default exponent (0 in four octets).
Bytes rsa(std::uint16_t bits) {
  return test_parms({alg::kRsa, alg::kNull, alg::kNull, bits, 0, 0});
}

Bytes aes(std::uint16_t bits) {
  return test_parms({kSymcipher, kAes, bits, kCfb});
}

/// The RSA and AES key sizes of the profile that `engine` refuses in TPM2_TestParms: "rsa4096",
/// "aes192". Errors: those of the transport.
Expected<std::vector<std::string>> missing_key_sizes(tpm::Transport& engine,
                                                     const knowledge::FirmwareProfile& profile) {
  std::vector<std::string> missing;
  const auto test = [&](const auto& sizes, Bytes (*command)(std::uint16_t),
                        std::string_view name) -> Expected<void> {
    if (!sizes) return {};
    for (const std::uint16_t bits : *sizes) {
      const auto response = engine.transmit(command(bits), tpm::kNoDeadline);
      if (!response) return tl::unexpected(response.error());
      if (knowledge::response_code(*response) != 0)
        missing.push_back(fmt::format("{}{}", name, bits));
    }
    return {};
  };
  return test(profile.rsa_bits, rsa, "rsa")
      .and_then([&] { return test(profile.aes_bits, aes, "aes"); })
      .map([&] { return std::move(missing); });
}

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
                  "the TPM does not report its capabilities", rc);
    }
    auto page = read_page(exchange, list);
    if (!page) {
      return fail(Error::Kind::malformed, knowledge::cc::kGetCapability,
                  "the TPM does not return the requested list");
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
