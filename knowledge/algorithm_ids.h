// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace tpmprobe::knowledge {

/// The TPM_ALG_ID values (TCG Algorithm Registry, table "TPM_ALG_ID") that the code names.
namespace alg {
inline constexpr std::uint16_t kRsa = 0x0001;
inline constexpr std::uint16_t kSha1 = 0x0004;
inline constexpr std::uint16_t kSha256 = 0x000B;
inline constexpr std::uint16_t kSha384 = 0x000C;
inline constexpr std::uint16_t kSha512 = 0x000D;
inline constexpr std::uint16_t kSm3 = 0x0012;
inline constexpr std::uint16_t kNull = 0x0010;
inline constexpr std::uint16_t kRsassa = 0x0014;
inline constexpr std::uint16_t kRsaes = 0x0015;
inline constexpr std::uint16_t kRsapss = 0x0016;
inline constexpr std::uint16_t kOaep = 0x0017;
inline constexpr std::uint16_t kEcdsa = 0x0018;
inline constexpr std::uint16_t kEcdh = 0x0019;
inline constexpr std::uint16_t kEcdaa = 0x001A;
inline constexpr std::uint16_t kSm2 = 0x001B;
inline constexpr std::uint16_t kEcschnorr = 0x001C;
inline constexpr std::uint16_t kEcmqv = 0x001D;
inline constexpr std::uint16_t kEcc = 0x0023;
inline constexpr std::uint16_t kSha3_256 = 0x0027;
inline constexpr std::uint16_t kSha3_384 = 0x0028;
inline constexpr std::uint16_t kSha3_512 = 0x0029;
}  // namespace alg

/// The TPM_ECC_CURVE values (TCG Algorithm Registry) that the code names.
namespace curve {
inline constexpr std::uint16_t kNistP192 = 0x0001;
inline constexpr std::uint16_t kNistP224 = 0x0002;
inline constexpr std::uint16_t kNistP256 = 0x0003;
inline constexpr std::uint16_t kNistP384 = 0x0004;
inline constexpr std::uint16_t kNistP521 = 0x0005;
inline constexpr std::uint16_t kBnP256 = 0x0010;
inline constexpr std::uint16_t kBnP638 = 0x0011;
inline constexpr std::uint16_t kSm2P256 = 0x0020;
inline constexpr std::uint16_t kBrainpoolP256 = 0x0030;
inline constexpr std::uint16_t kBrainpoolP384 = 0x0031;
inline constexpr std::uint16_t kBrainpoolP512 = 0x0032;
}  // namespace curve

}  // namespace tpmprobe::knowledge
