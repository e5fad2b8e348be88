// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/codes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

/// Layer names in the symbols of tss2_common.h, the first of a layer being the one we write.
constexpr std::array<std::pair<std::string_view, RcLayer>, 11> kSymbolLayers{{
    {"FAPI", RcLayer::fapi},
    {"FEATURE", RcLayer::fapi},
    {"ESYS", RcLayer::esys},
    {"ESAPI", RcLayer::esys},
    {"SYS", RcLayer::sys},
    {"SAPI", RcLayer::sys},
    {"MU", RcLayer::mu},
    {"TCTI", RcLayer::tcti},
    {"RESMGR", RcLayer::resource_manager},
    {"RESMGR_TPM", RcLayer::resource_manager_tpm},
    {"POLICY", RcLayer::policy},
}};

constexpr std::string_view kBasePrefix = "TSS2_BASE_RC_";

const CodeInfo* find_by_symbol(std::string_view symbol) {
  const auto all = codes();
  const auto found = std::ranges::find_if(
      all, [&](const CodeInfo& code) { return same_word(code.symbol, symbol); });
  return found == all.end() ? nullptr : &*found;
}

std::uint32_t in_layer(std::uint16_t number, RcLayer layer) {
  return (static_cast<std::uint32_t>(layer) << 16U) | number;
}

std::optional<std::uint32_t> find_layer_symbol(std::string_view symbol, RcLayer base_layer) {
  if (starts_ignoring_case(symbol, kBasePrefix)) {
    const CodeInfo* code = find_by_symbol(symbol);
    return code != nullptr ? std::optional(in_layer(code->number, base_layer)) : std::nullopt;
  }
  for (const auto& [name, layer] : kSymbolLayers) {
    const std::string prefix = "TSS2_" + std::string(name) + "_RC_";
    if (!starts_ignoring_case(symbol, prefix)) continue;
    const std::string rest(symbol.substr(prefix.size()));
    if (const CodeInfo* code = find_by_symbol(std::string(kBasePrefix) + rest)) {
      return in_layer(code->number, layer);
    }
  }
  return std::nullopt;
}

/// True if one of the cause's commands has the named field at this position.
bool some_command_fits(const CauseCondition& when, RcPosition where) {
  return std::ranges::any_of(when.commands, [&](std::uint32_t code) {
    const CommandInfo* command = find_command(code);
    if (command == nullptr) return false;
    const std::string_view name = place_name(*command, where);
    return when.name.empty()
               ? where.place == RcPlace::none || where.place == RcPlace::session || !name.empty()
               : name == when.name;
  });
}

}  // namespace

std::string_view to_string(CauseClass cause_class) {
  constexpr std::array<std::string_view, 16> kNames{"unsupported-algorithm",
                                                    "firmware-defect",
                                                    "lockout",
                                                    "auth",
                                                    "permissions",
                                                    "no-device",
                                                    "resource-exhaustion",
                                                    "provisioning",
                                                    "ek-certificate",
                                                    "key-lost-after-clear",
                                                    "version-mismatch",
                                                    "middleware-bug",
                                                    "policy/pcr-mismatch",
                                                    "nv",
                                                    "misuse",
                                                    "other"};
  return kNames.at(static_cast<std::size_t>(cause_class));
}

const CodeInfo* find_code(const DecodedRc& decoded) {
  const auto key = std::pair(decoded.format, decoded.base);
  const auto all = codes();
  const auto found = std::ranges::lower_bound(
      all, key, {}, [](const CodeInfo& code) { return std::pair(code.format, code.number); });
  const bool hit = found != all.end() && std::pair(found->format, found->number) == key;
  return hit ? &*found : nullptr;
}

std::string symbol_of(const DecodedRc& decoded) {
  const CodeInfo* code = find_code(decoded);
  if (code == nullptr) return {};
  if (decoded.format != RcFormat::base) return std::string(code->symbol);
  const auto layer = std::ranges::find(kSymbolLayers, decoded.layer,
                                       &std::pair<std::string_view, RcLayer>::second);
  return "TSS2_" + std::string(layer->first) + "_RC_" +
         std::string(code->symbol.substr(kBasePrefix.size()));
}

std::optional<std::uint32_t> find_symbol(std::string_view symbol, RcLayer base_layer) {
  if (starts_ignoring_case(symbol, "TSS2_")) return find_layer_symbol(symbol, base_layer);
  if (const CodeInfo* code = find_by_symbol(symbol)) return code->number;
  for (const std::string_view prefix : {"TPM2_RC_", "TPM2_RCS_", "TPM_RCS_"}) {
    if (!starts_ignoring_case(symbol, prefix)) continue;
    const std::string rest(symbol.substr(prefix.size()));
    if (const CodeInfo* code = find_by_symbol("TPM_RC_" + rest)) return code->number;
  }
  return std::nullopt;
}

std::string_view place_name(const CommandInfo& command, RcPosition where) {
  const std::size_t index = where.index;
  if (where.place == RcPlace::parameter && index >= 1 && index <= command.parameters.size()) {
    return command.parameters[index - 1].name;
  }
  if (where.place == RcPlace::handle && index >= 1 && index <= command.handles.size()) {
    return command.handles[index - 1].name;
  }
  return {};
}

bool applies(const Cause& cause, const DecodedRc& decoded, const CommandInfo* command) {
  const CauseCondition& when = cause.when;
  const auto layer_bit = static_cast<std::uint16_t>(1U << (decoded.layer_number & 0xFU));
  if (when.layers != 0 && (when.layers & layer_bit) == 0) return false;
  if (when.place != RcPlace::none && when.place != decoded.where.place) return false;
  if (command == nullptr) {
    return when.commands.empty() || some_command_fits(when, decoded.where);
  }
  const bool command_fits = when.commands.empty() ||
                            std::ranges::find(when.commands, command->code) != when.commands.end();
  const bool name_fits = when.name.empty() || place_name(*command, decoded.where) == when.name;
  return command_fits && name_fits;
}

}  // namespace tpmprobe::knowledge
