// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/public_area.h"

#include <string_view>
#include <vector>

#include "emulator/authorization/session_hmac.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/wire.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;
using knowledge::WireField;
using Fields = std::vector<WireField>;

constexpr std::string_view kExponent = "parameters.rsaDetail.exponent";
constexpr std::size_t kNameAlgOffset = 2;
constexpr std::size_t kAlgSize = 2;
constexpr std::size_t kSizeOfSize = 2;  // of a TPM2B

Fields fields_of(ByteView area) {
  const auto read = knowledge::read_structure("TPMT_PUBLIC", area);
  return read && read->consumed == area.size() ? read->fields : Fields{};
}

std::uint64_t value_of(const Fields& fields, std::string_view path) {
  const WireField* field = knowledge::find_field(fields, path);
  return field == nullptr ? 0 : field->value;
}

const WireField* unique_of(const Fields& fields) {
  const bool rsa = value_of(fields, "type") == knowledge::alg::kRsa;
  return knowledge::find_field(fields, rsa ? "unique.rsa.buffer" : "unique.ecc");
}

}  // namespace

std::optional<PublicArea> read_public_area(ByteView area) {
  const Fields fields = fields_of(area);
  const WireField* unique = unique_of(fields);
  if (unique == nullptr) return std::nullopt;
  const ByteView octets = area.subspan(unique->offset, unique->size);
  return PublicArea{
      static_cast<std::uint16_t>(value_of(fields, "type")),
      static_cast<std::uint32_t>(value_of(fields, "objectAttributes")),
      static_cast<unsigned>(value_of(fields, "parameters.rsaDetail.keyBits")),
      static_cast<std::uint16_t>(value_of(fields, "parameters.eccDetail.curveID")),
      {{octets.begin(), octets.end()}, static_cast<std::uint32_t>(value_of(fields, kExponent))}};
}

Bytes with_half(ByteView area, const PublicHalf& half) {
  const Fields fields = fields_of(area);
  const WireField* unique = unique_of(fields);
  Bytes changed(area.begin(), area.end());
  if (unique == nullptr) return changed;
  // The unique comes last: the exponent stays where it is.
  changed.resize(unique->offset);
  changed.insert(changed.end(), half.unique.begin(), half.unique.end());
  if (const auto* exponent = knowledge::find_field(fields, kExponent)) {
    header::store(changed, exponent->offset, exponent->size, half.exponent);
    header::store(changed, unique->offset - kSizeOfSize, kSizeOfSize, half.unique.size());
  }
  return changed;
}

}  // namespace tpmprobe::emulator
