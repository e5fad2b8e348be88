// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <utility>

#include "knowledge/wire.h"
#include "knowledge/wire_walker.h"

namespace tpmprobe::knowledge {
namespace {

// TPMA_SESSION (Part 2, 8.4): the first parameter of a command, of a response is encrypted.
constexpr std::uint8_t kDecrypt = 0x20;
constexpr std::uint8_t kEncrypt = 0x40;

/// Hears of values and forgets them.
struct Checker {
  static constexpr bool kEveryField = false;
  std::size_t begin(const WirePath& /*path*/, std::string_view /*type*/, std::size_t /*offset*/) {
    return 0;
  }
  void integer(std::size_t /*mark*/, std::uint64_t /*number*/) {}
  void end(std::size_t /*mark*/, std::size_t /*offset*/) {}
};

/// Keeps every value; a structure comes before its members.
struct Collector {
  static constexpr bool kEveryField = true;
  std::vector<WireField> fields;

  std::size_t begin(const WirePath& path, std::string_view type, std::size_t offset) {
    fields.push_back({path.text(), type, offset, 0, 0, false});
    return fields.size() - 1;
  }
  void integer(std::size_t mark, std::uint64_t number) {
    fields[mark].value = number;
    fields[mark].is_integer = true;
  }
  void end(std::size_t mark, std::size_t offset) {
    fields[mark].size = offset - fields[mark].offset;
  }
};

bool any_has(const std::vector<WireAuth>& auths, std::uint8_t attribute) {
  return std::ranges::any_of(auths,
                             [&](const auto& auth) { return (auth.attributes & attribute) != 0; });
}

bool can_be_encrypted(const TypeInfo& type) {
  return type.kind == Kind::buffer || type.kind == Kind::sized;
}

template <typename Visitor>
bool walk(WireWalker<Visitor>& walker, std::span<const Field> parameters, bool encrypted) {
  const auto all = types();
  for (const auto& parameter : parameters) {
    const auto& type = all[parameter.type];
    const bool opaque = std::exchange(encrypted, false) && can_be_encrypted(type);
    if (!(opaque ? walker.read_opaque(parameter.name, type) : walker.read(parameter.name, type))) {
      return false;
    }
  }
  return walker.finish();
}

WireExpected<std::vector<WireField>> collect(std::span<const Field> parameters,
                                             std::span<const std::uint8_t> octets, std::size_t base,
                                             bool encrypted) {
  Collector collector;
  WireWalker walker(octets, base, collector);
  if (!walk(walker, parameters, encrypted)) {
    return tl::unexpected(walker.error());
  }
  return std::move(collector.fields);
}

/// A response that reports an error has no parameters, whatever the command.
std::span<const Field> parameters_of(const CommandInfo& info, const WireResponse& response) {
  return response.rc == 0 ? info.response_parameters : std::span<const Field>{};
}

}  // namespace

WireExpected<std::vector<WireField>> read_parameters(const WireCommand& command) {
  return collect(command.info->parameters, command.parameters, command.parameters_offset,
                 any_has(command.auths, kDecrypt));
}

WireExpected<std::vector<WireField>> read_parameters(const CommandInfo& info,
                                                     const WireResponse& response) {
  return collect(parameters_of(info, response), response.parameters, response.parameters_offset,
                 any_has(response.auths, kEncrypt));
}

WireExpected<void> check_parameters(const CommandInfo& info, const WireResponse& response) {
  Checker checker;
  WireWalker walker(response.parameters, response.parameters_offset, checker);
  if (!walk(walker, parameters_of(info, response), any_has(response.auths, kEncrypt))) {
    return tl::unexpected(walker.error());
  }
  return {};
}

WireExpected<WireStructure> read_structure(std::string_view type,
                                           std::span<const std::uint8_t> octets) {
  const auto* info = find_type(type);
  if (info == nullptr) {
    return tl::unexpected(WireError{0, "there is no type " + std::string(type)});
  }
  Collector collector;
  WireWalker walker(octets, 0, collector);
  if (!walker.read({}, *info)) {
    return tl::unexpected(walker.error());
  }
  return WireStructure{std::move(collector.fields), walker.position()};
}

const WireField* find_field(std::span<const WireField> fields, std::string_view path) {
  const auto found = std::ranges::find(fields, path, &WireField::path);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace tpmprobe::knowledge
