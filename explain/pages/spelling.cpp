// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/spelling.h"

#include <array>

#include <fmt/format.h>

#include "explain/pages/html.h"

namespace tpmprobe::explain::pages {
namespace {

using knowledge::CodeInfo;
using knowledge::RcFormat;
using knowledge::RcLayer;
using knowledge::RcPlace;
using knowledge::RcPosition;

// Part 2, 6.6.3 has 4 bits for a parameter and 3 for a handle or session.
constexpr std::uint8_t kParameters = 15, kOthers = 7;
constexpr std::uint32_t kParameterBit = 0x40, kSessionBit = 0x800;
constexpr unsigned kPositionShift = 8, kLayerShift = 16;

constexpr std::array kSoftware{RcLayer::fapi,   RcLayer::esys,
                               RcLayer::sys,    RcLayer::mu,
                               RcLayer::tcti,   RcLayer::resource_manager,
                               RcLayer::policy, RcLayer::resource_manager_tpm};

std::string_view decoder_text(const CodeInfo& info) {
  return info.decoder_texts.empty() ? info.clause : info.decoder_texts.front();
}

Spelling spelling(const CodeInfo& info, std::uint32_t rc, std::string where,
                  std::string_view before) {
  return {rc, knowledge::symbol_of(knowledge::decode_rc(rc)),
          fmt::format("{}{}", before, decoder_text(info)), std::move(where)};
}

void add_positions(const CodeInfo& info, RcPlace place, std::uint8_t most,
                   std::vector<Spelling>& to) {
  for (std::uint8_t n = 1; n <= most; ++n) {
    const auto name = knowledge::to_string(place);
    to.push_back(spelling(info, at_position(info.number, {place, n}), fmt::format("{} {}", name, n),
                          fmt::format("tpm:{}({}):", name, n)));
  }
}

/// What libtss2-rc puts before the text of this layer.
std::string prefix_of(RcLayer layer) {
  if (layer == RcLayer::esys) return "esapi:";
  const bool manager = layer == RcLayer::resource_manager || layer == RcLayer::resource_manager_tpm;
  return manager ? std::string() : fmt::format("{}:", knowledge::to_string(layer));
}

void add_layers(const CodeInfo& info, std::vector<Spelling>& to) {
  for (const RcLayer layer : kSoftware) {
    const auto rc = static_cast<std::uint32_t>(layer) << kLayerShift | info.number;
    if (knowledge::find_code(knowledge::decode_rc(rc)) != &info) continue;
    // Both layers of the resource manager have one name.
    const auto where =
        fmt::format("{} (layer {})", knowledge::to_string(layer), static_cast<unsigned>(layer));
    to.push_back(spelling(info, rc, where, prefix_of(layer)));
  }
}

}  // namespace

std::uint32_t at_position(std::uint16_t number, RcPosition where) {
  const std::uint32_t placed = number | static_cast<std::uint32_t>(where.index) << kPositionShift;
  if (where.place == RcPlace::parameter) return placed | kParameterBit;
  return where.place == RcPlace::session ? placed | kSessionBit : placed;
}

std::vector<Spelling> spellings_of(const CodeInfo& info) {
  std::vector<Spelling> spellings;
  if (info.format == RcFormat::base) {
    add_layers(info, spellings);
    return spellings;
  }
  spellings.push_back(spelling(info, info.number, "no position", "tpm:"));
  if (info.format != RcFormat::format1) return spellings;
  add_positions(info, RcPlace::parameter, kParameters, spellings);
  add_positions(info, RcPlace::handle, kOthers, spellings);
  add_positions(info, RcPlace::session, kOthers, spellings);
  return spellings;
}

std::vector<std::string> symbols_of(const Spelling& spelling) {
  constexpr std::string_view kOfTpm = "TPM_RC_";
  if (!spelling.symbol.starts_with(kOfTpm)) return {spelling.symbol};
  const std::string rest = spelling.symbol.substr(kOfTpm.size());
  return {spelling.symbol, "TPM2_RC_" + rest, "TPM_RCS_" + rest};
}

std::string hexadecimal(std::uint32_t rc) {
  return fmt::format("0x{:03x}", rc);
}

std::string page_of(const CodeInfo& info) {
  return slug(info.symbol) + ".html";
}

std::string page_of(const knowledge::CommandInfo& command) {
  return fmt::format("command-{}.html", slug(command.name));
}

std::string page_of(knowledge::CauseClass cause_class) {
  return fmt::format("class-{}.html", slug(knowledge::to_string(cause_class)));
}

}  // namespace tpmprobe::explain::pages
