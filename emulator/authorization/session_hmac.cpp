// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/authorization/session_hmac.h"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tpm/digest.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::size_t kCodeSize = 4;

void append(Bytes& to, ByteView octets) {
  to.insert(to.end(), octets.begin(), octets.end());
}

void append_code(Bytes& to, std::uint32_t code) {
  tpm::header::append(to, kCodeSize, code);
}

}  // namespace

Bytes compute(const SessionHmac& covered, ByteView key, ByteView parameter_hash) {
  const EVP_MD* algorithm = tpm::find_hash(covered.hash);
  if (algorithm == nullptr) return {};
  Bytes message(parameter_hash.begin(), parameter_hash.end());
  append(message, covered.newer);
  append(message, covered.older);
  append(message, covered.others);
  message.push_back(covered.attributes);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  // An empty key still needs a place to point to.
  static constexpr std::uint8_t kNothing = 0;
  const auto* octets = key.empty() ? &kNothing : key.data();
  if (HMAC(algorithm, octets, static_cast<int>(key.size()), message.data(), message.size(),
           mac.data(), &size) == nullptr) {
    return {};
  }
  return {mac.begin(), mac.begin() + size};
}

Bytes command_octets(const knowledge::WireCommand& command, ByteView names) {
  Bytes octets;
  append_code(octets, command.code);
  append(octets, names);
  append(octets, command.parameters);
  return octets;
}

Bytes response_octets(std::uint32_t command_code, ByteView parameters) {
  Bytes octets;
  append_code(octets, 0);
  append_code(octets, command_code);
  append(octets, parameters);
  return octets;
}

}  // namespace tpmprobe::emulator
