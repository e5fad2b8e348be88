// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/own_key.h"

#include <string_view>
#include <utility>

#include "emulator/authorization/session_book.h"
#include "knowledge/algorithm_ids.h"
#include "tpm/layers/header.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;
using knowledge::WireField;

constexpr std::string_view kExponent = "parameters.rsaDetail.exponent";
constexpr std::size_t kNameAlgOffset = 2;
constexpr std::size_t kAlgSize = 2;
constexpr std::size_t kSizeOfSize = 2;  // of a TPM2B

tpm::Parameters read(ByteView area) {
  auto whole = knowledge::read_structure("TPMT_PUBLIC", area);
  if (!whole || whole->consumed != area.size()) return {area, {}};
  return {area, std::move(whole->fields)};
}

const WireField* unique_of(const tpm::Parameters& members) {
  const bool rsa = members.value("type") == knowledge::alg::kRsa;
  return members.find(rsa ? "unique.rsa.buffer" : "unique.ecc");
}

}  // namespace

std::optional<PublicArea> read_public_area(ByteView area) {
  const tpm::Parameters members = read(area);
  const WireField* unique = unique_of(members);
  if (unique == nullptr) return std::nullopt;
  const ByteView octets = members.octets(*unique);
  return PublicArea{
      static_cast<std::uint16_t>(members.value("type")),
      static_cast<std::uint32_t>(members.value("objectAttributes")),
      static_cast<unsigned>(members.value("parameters.rsaDetail.keyBits")),
      static_cast<std::uint16_t>(members.value("parameters.eccDetail.curveID")),
      {{octets.begin(), octets.end()}, static_cast<std::uint32_t>(members.value(kExponent))}};
}

Bytes with_half(ByteView area, const PublicHalf& half) {
  const tpm::Parameters members = read(area);
  const WireField* unique = unique_of(members);
  Bytes changed(area.begin(), area.end());
  if (unique == nullptr) return changed;
  // The unique comes last: the exponent stays where it is.
  changed.resize(unique->offset);
  changed.insert(changed.end(), half.unique.begin(), half.unique.end());
  if (const auto* exponent = members.find(kExponent)) {
    header::store(changed, exponent->offset, exponent->size, half.exponent);
    header::store(changed, unique->offset - kSizeOfSize, kSizeOfSize, half.unique.size());
  }
  return changed;
}

}  // namespace tpmprobe::emulator
