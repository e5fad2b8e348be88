// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "tpm/bytes.h"

/// Owners for the numbers and points of OpenSSL that keys are computed with. Out of memory is the
/// only way that what they wrap fails without being asked; it is not looked for at every step.
namespace tpmprobe::emulator {

/// Frees with the function of OpenSSL that belongs to the type.
template <auto Function>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};

using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using EcGroup = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using EcPoint = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;

/// A small number.
inline BigNumber number(BN_ULONG value = 0) {
  BigNumber result(BN_new());
  BN_set_word(result.get(), value);
  return result;
}

/// A big-endian number of any length; none at all is 0.
inline BigNumber number(ByteView octets) {
  return BigNumber(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

/// How many octets so many bits need.
inline std::size_t octets_for(int bits) {
  return (static_cast<std::size_t>(bits) + 7) / 8;
}

/// The number, big endian, with zeros in front to `size` octets; empty if it does not fit.
inline Bytes octets_of(const BIGNUM* value, std::size_t size) {
  Bytes result(size);
  if (BN_bn2binpad(value, result.data(), static_cast<int>(size)) < 0) return {};
  return result;
}

}  // namespace tpmprobe::emulator
