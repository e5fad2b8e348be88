// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "tpm/bytes.h"

/// Owners for OpenSSL's objects and the few conversions that every check needs.
namespace tpmprobe::probes::openssl {

/// Frees with the function of OpenSSL that belongs to the type.
template <auto Function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};

using BigNumber = std::unique_ptr<BIGNUM, Free<BN_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Free<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using DigestInfo = std::unique_ptr<X509_SIG, Free<X509_SIG_free>>;

/// The library that this process runs with: "OpenSSL 3.0.22".
std::string version();

/// A big-endian number of any length; none at all is 0.
BigNumber big_number(ByteView octets);

/// A number in upper- or lower-case hexadecimal.
BigNumber big_number(const char* hexadecimal);

/// `number`, big endian, with zeros in front to `size` octets; empty if it does not fit.
Bytes octets(const BIGNUM* number, std::size_t size);

/// Forgets the calling thread's error queue when a check ends, so that a refused signature leaves
/// nothing behind that a later caller would take for its own error.
class QuietErrors {
 public:
  QuietErrors() = default;
  ~QuietErrors();
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

}  // namespace tpmprobe::probes::openssl
