// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/marker.h"

#include "tpm/digest.h"

namespace tpmprobe::tpm {

const std::array<std::uint8_t, 32> kMarker = {
    0xf1, 0x91, 0x3a, 0x49, 0xc7, 0xe9, 0xf1, 0xd9, 0x67, 0x31, 0x18, 0xb2, 0xfe, 0xca, 0x4c, 0x86,
    0x73, 0x07, 0xe0, 0xf3, 0x96, 0x93, 0x4c, 0x40, 0x95, 0xcf, 0x18, 0xf9, 0xd7, 0x12, 0xd7, 0x4f};

Bytes qualified_name(ByteView parent, ByteView name) {
  if (name.size() < 2) return {};
  Bytes both(parent.begin(), parent.end());
  both.insert(both.end(), name.begin(), name.end());
  const Bytes hash = digest(static_cast<AlgId>(name[0] << 8U | name[1]), both);
  Bytes result(name.begin(), name.begin() + 2);
  result.insert(result.end(), hash.begin(), hash.end());
  return hash.empty() ? Bytes{} : result;
}

}  // namespace tpmprobe::tpm
