// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/openssl.h"

#include <openssl/err.h>

namespace tpmprobe::probes::openssl {

std::string version() {
  return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

BigNumber big_number(ByteView octets) {
  return BigNumber(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

BigNumber big_number(const char* hexadecimal) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, hexadecimal);
  return BigNumber(number);
}

Bytes octets(const BIGNUM* number, std::size_t size) {
  Bytes result(size);
  if (BN_bn2binpad(number, result.data(), static_cast<int>(size)) < 0) return {};
  return result;
}

QuietErrors::~QuietErrors() {
  ERR_clear_error();
}

}  // namespace tpmprobe::probes::openssl
