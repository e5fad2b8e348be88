// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/wire.h"

#include <algorithm>

#include <openssl/evp.h>

namespace tpmprobe::probes {

SshWriter& SshWriter::uint32(std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    octets_.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
  }
  return *this;
}

SshWriter& SshWriter::string(ByteView octets) {
  uint32(static_cast<std::uint32_t>(octets.size()));
  octets_.insert(octets_.end(), octets.begin(), octets.end());
  return *this;
}

SshWriter& SshWriter::string(std::string_view text) {
  return uint32(static_cast<std::uint32_t>(text.size())).raw(text);
}

SshWriter& SshWriter::mpint(ByteView magnitude) {
  const auto first = std::ranges::find_if(magnitude, [](std::uint8_t octet) { return octet != 0; });
  Bytes number(first, magnitude.end());
  if (!number.empty() && (number.front() & 0x80U) != 0) number.insert(number.begin(), 0);
  return string(ByteView(number));
}

SshWriter& SshWriter::raw(std::string_view text) {
  octets_.insert(octets_.end(), text.begin(), text.end());
  return *this;
}

std::string base64(ByteView octets) {
  Bytes encoded((octets.size() + 2) / 3 * 4 + 1);
  const int size = EVP_EncodeBlock(encoded.data(), octets.data(), static_cast<int>(octets.size()));
  return {encoded.begin(), encoded.begin() + size};
}

}  // namespace tpmprobe::probes
