// SPDX-License-Identifier: BSD-2-Clause
#include "probes/families/known_key_data.h"

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/openssl.h"

namespace tpmprobe::probes {
namespace {

// Made once with "openssl genrsa 2048"; then "tpmprobe known message 1", 2, 3 ... were signed with
// "openssl dgst -sha256 -sign" until the first octet of a signature was 0.
constexpr const char* kModulus =
    "ca5c060099d6e0c32ce531d545141e7654416536a027f30fdbf64ed4f5ef1535f81ef8934d4c3699"
    "723b91eab9bcf147089eef6805e292fec48fb18697bf116177b0cb7c5d17a01fe483038a0eef6e14"
    "cc288c62d2d7de8ed0cb354225a9f8c5acb8617fe6911a0bd5d15fa26e00869ca68e0bdeb6a73486"
    "c16b1fcf24f18a2011c0bc10b5dd1954a7676d6cbf04035950dc7537f71ed4cfa8c916b29b419a9a"
    "754569101f598ebb01ab693220c35d92a60a15d98a782a95fab300a467faca6bf7fe49f8f25745ba"
    "ec394850e59f85db42d0695dc2842bff9139dbf17af7d026d39a52ec66185a115aaf84458457289c"
    "a708f6140c0d79d068cfabd4edf7b2bf";
constexpr const char* kPrime =
    "f57e307b6c2286a148567c0e0ba2decfb8cfea5a2b46b75720c10509328654d6387d42b82dfb8f37"
    "d1a50363d01ab27091f90eb7099d13e922166705b0c5c07f14d40eafa5cf1d1d9fdcc05aaec542e8"
    "1d8ff1fa4480f27c7f426aed752f7f51ebd66c76c5fcd066746faed0a16413b134c04a28c55e0fcf"
    "922dbe10f00782cb";
constexpr int kLeadingZero = 89;

// RFC 6979, A.2.5: Ux, Uy and x.
constexpr const char* kX = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";
constexpr const char* kY = "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
constexpr const char* kScalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";

constexpr std::uint16_t kRsaBits = 2048;
constexpr std::uint32_t kExponent = 65537;
constexpr std::size_t kP256Octets = 32;

Bytes octets(const char* hexadecimal, std::size_t size) {
  return openssl::octets(openssl::big_number(hexadecimal).get(), size);
}

}  // namespace

tpm::ExternalKey known_rsa2048() {
  tpm::ExternalKey known;
  known.key.type = tpm::KeyTemplate::Type::rsa;
  known.key.key_bits = kRsaBits;
  known.key.modulus = octets(kModulus, kRsaBits / 8);
  known.key.exponent = kExponent;
  known.secret = octets(kPrime, kRsaBits / 16);
  return known;
}

std::string leading_zero_message() {
  return numbered_message(kLeadingZero);
}

tpm::ExternalKey known_p256() {
  tpm::ExternalKey known;
  known.key.curve = knowledge::curve::kNistP256;
  known.key.x = octets(kX, kP256Octets);
  known.key.y = octets(kY, kP256Octets);
  known.secret = octets(kScalar, kP256Octets);
  return known;
}

std::string numbered_message(int number) {
  return fmt::format("tpmprobe known message {}", number);
}

}  // namespace tpmprobe::probes
