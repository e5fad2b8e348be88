// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/refusal.h"

#include <algorithm>
#include <utility>

#include "knowledge/algorithm_ids.h"
#include "knowledge/handles.h"
#include "knowledge/rc.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

using knowledge::FirmwareProfile;
using knowledge::MeasuredCode;
using knowledge::RcPlace;
using knowledge::WireField;

constexpr std::string_view kTemplate = "TPM2B_TEMPLATE";
constexpr std::size_t kSizeOfSize = 2;  // of a TPM2B

/// One parameter as far as it can be read.
struct Parameter {
  std::size_t offset = 0;
  std::vector<WireField> fields;
};

bool is_encrypted(const knowledge::WireCommand& command, const knowledge::TypeInfo& first) {
  const bool can_be = first.kind == knowledge::Kind::buffer || first.kind == knowledge::Kind::sized;
  return can_be && std::ranges::any_of(command.auths, [](const knowledge::WireAuth& auth) {
           return (auth.attributes & knowledge::kSessionDecrypt) != 0;
         });
}

/// A TPM2B of which only the size is known; nothing if its octets are not there.
std::optional<knowledge::WireStructure> read_opaque(std::string_view type, ByteView octets) {
  const std::size_t size = kSizeOfSize + tpm::header::load(octets, 0, kSizeOfSize);
  if (octets.size() < size) return std::nullopt;
  return knowledge::WireStructure{{{{}, type, 0, size, 0, false}}, size};
}

/// A template is a public area in a buffer of its own (Part 2, 12.2.6).
void add_template(ByteView parameter, std::vector<WireField>& fields) {
  auto inside = knowledge::read_structure("TPMT_PUBLIC", parameter.subspan(kSizeOfSize));
  if (!inside) return;
  for (WireField& field : inside->fields) {
    field.offset += kSizeOfSize;
    fields.push_back(std::move(field));
  }
}

std::optional<knowledge::WireStructure> read(const knowledge::TypeInfo& type, ByteView octets,
                                             bool encrypted) {
  if (encrypted) return read_opaque(type.name, octets);
  auto structure = knowledge::read_structure(type.name, octets);
  if (!structure) return std::nullopt;
  if (type.name == kTemplate) add_template(octets.first(structure->consumed), structure->fields);
  return std::move(*structure);
}

std::vector<Parameter> read_all(ByteView command, const knowledge::WireCommand& split) {
  std::vector<Parameter> parameters;
  std::size_t offset = split.parameters_offset;
  for (const knowledge::Field& field : split.info->parameters) {
    const auto& type = knowledge::types()[field.type];
    auto structure =
        read(type, command.subspan(offset), parameters.empty() && is_encrypted(split, type));
    if (!structure) break;
    parameters.push_back({offset, std::move(structure->fields)});
    offset += structure->consumed;
  }
  return parameters;
}

std::uint32_t refuse(const WireField& field, const Limits& limits) {
  if (const auto* value = knowledge::find_value_refusal(field.type)) {
    return limits.refuse(*value, field.value);
  }
  if (const auto* size = knowledge::find_size_refusal(field.type)) {
    return limits.refuse(*size, field.size - kSizeOfSize);
  }
  return 0;
}

/// The code that a parameter is refused with, or 0.
std::uint32_t refuse(const Parameter& parameter, const Limits& limits) {
  std::size_t exempt_until = 0;
  for (const WireField& field : parameter.fields) {
    if (field.offset < exempt_until) continue;
    if (knowledge::is_made_by_tpm(field.type)) {
      exempt_until = field.offset + field.size;
    } else if (const std::uint32_t rc = refuse(field, limits); rc != 0) {
      return rc;
    }
  }
  return 0;
}

template <typename Meant>
bool any_field(const std::vector<Parameter>& parameters, Meant&& meant) {
  return std::ranges::any_of(parameters, [&](const Parameter& parameter) {
    return std::ranges::any_of(parameter.fields, [&](const WireField& field) {
      const auto* kind = knowledge::find_value_refusal(field.type);
      return kind != nullptr && meant(*kind, field.value);
    });
  });
}

bool is_meant(const MeasuredCode& code, const std::vector<Parameter>& parameters) {
  const auto has_curve = [&](const knowledge::ValueRefusal& kind, std::uint64_t value) {
    return kind.offer == knowledge::Offer::curves && value == *code.curve;
  };
  const auto has_scheme = [&](const knowledge::ValueRefusal& kind, std::uint64_t value) {
    return kind.scheme && value == *code.scheme;
  };
  return (!code.curve || any_field(parameters, has_curve)) &&
         (!code.scheme || any_field(parameters, has_scheme));
}

/// What was measured for this very use.
std::optional<Refusal> find_measured(std::uint32_t command,
                                     const std::vector<Parameter>& parameters,
                                     const FirmwareProfile& profile) {
  for (const MeasuredCode& code : profile.codes) {
    if (code.command != command || !is_meant(code, parameters)) continue;
    const auto where = knowledge::decode_rc(code.rc).where;
    const unsigned number = where.place == RcPlace::parameter ? where.index : 1;
    if (number <= parameters.size()) return Refusal{code.rc, number, parameters[number - 1].offset};
  }
  return std::nullopt;
}

template <typename List>
bool lacks(const std::optional<List>& list, std::uint64_t value) {
  return list && std::ranges::find(*list, value) == list->end();
}

}  // namespace

std::uint32_t Limits::refuse(const knowledge::ValueRefusal& kind, std::uint64_t value) const {
  const auto lacks_algorithm = [&] {
    return value != knowledge::alg::kNull && profile_.algorithms &&
           std::ranges::find(*profile_.algorithms, value, &knowledge::AlgorithmEntry::id) ==
               profile_.algorithms->end();
  };
  switch (kind.offer) {
    case knowledge::Offer::algorithms:
      return lacks_algorithm() ? kind.rc : 0;
    case knowledge::Offer::curves:
      return lacks(profile_.curves, value) ? kind.rc : 0;
    case knowledge::Offer::rsa_bits:
      return lacks(profile_.rsa_bits, value) ? kind.rc : 0;
    case knowledge::Offer::aes_bits:
      return lacks(profile_.aes_bits, value) ? kind.rc : 0;
  }
  return 0;
}

std::uint32_t Limits::refuse(const knowledge::SizeRefusal& kind, std::size_t octets) const {
  const auto most = lists_.property(kind.property);
  return most && *most != 0 && octets > *most + kind.more ? kind.rc : 0;
}

std::optional<Refusal> find_refusal(const tpm::WireExchange& exchange, const Limits& limits) {
  if (!exchange.request()) return std::nullopt;
  const auto parameters = read_all(exchange.command(), *exchange.request());
  const auto measured = find_measured(exchange.code(), parameters, limits.profile());
  for (unsigned number = 1; number <= parameters.size(); ++number) {
    if (measured && measured->parameter == number) return measured;
    const Parameter& parameter = parameters[number - 1];
    const std::uint32_t rc = refuse(parameter, limits);
    if (rc == 0) continue;
    const auto place = static_cast<std::uint8_t>(number);
    return Refusal{knowledge::with_position(rc, {RcPlace::parameter, place}), number,
                   parameter.offset};
  }
  return std::nullopt;
}

bool can_be_refused(const knowledge::TypeInfo& type) {
  if (knowledge::is_made_by_tpm(type.name)) return false;
  if (type.name == kTemplate || knowledge::find_value_refusal(type.name) != nullptr ||
      knowledge::find_size_refusal(type.name) != nullptr) {
    return true;
  }
  const auto is_inside = [](const auto& part) {
    return can_be_refused(knowledge::types()[part.type]);
  };
  return std::ranges::any_of(type.members, is_inside) ||
         std::ranges::any_of(type.alternatives, is_inside);
}

}  // namespace tpmprobe::emulator
