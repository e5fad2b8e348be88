// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "emulator/embedded_tpm.h"
#include "emulator/firmware/firmware_layer.h"
#include "suites/emulator/quirk_support.h"

/// The embedded TPM under a firmware that tests make up.
namespace tpmprobe::suites {

/// TPMA_CC of commands that a test needs; of what the firmware layer makes of them only the code
/// counts.
using Commands = std::vector<std::uint32_t>;

/// A firmware as AMD's 3.x, a bit smaller: P-256 and P-384 without SHA-384, RSA to 2048, AES-128
/// in mode CFB. Its commands are those of the engine.
inline knowledge::FirmwareProfile small_firmware() {
  knowledge::FirmwareProfile profile;
  profile.name = "test-1.0";
  profile.algorithms.emplace();
  for (const std::uint16_t id : {0x01, 0x04, 0x05, 0x06, 0x08, 0x0b, 0x14, 0x16, 0x17, 0x18, 0x19,
                                 0x20, 0x22, 0x23, 0x25, 0x43}) {
    profile.algorithms->push_back({id, 0x100U + id});
  }
  profile.curves = {{3, 4}};
  profile.properties_fixed = {{{0x100, 0x322e3000}, {0x10d, 512}, {0x120, 32}, {0x12c, 512}}};
  profile.rsa_bits = {{1024, 2048}};
  profile.aes_bits = {{128}};
  return profile;
}

/// TPM2B of so many octets.
inline std::string sized(std::size_t octets) {
  const std::string digits = "0123456789abcdef";
  std::string text;
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += digits[octets >> shift & 15U];
  return text + std::string(2 * octets, '5');
}

/// The octets as a TPM2B.
inline std::string in_buffer(const std::string& area) {
  return sized(hex(area).size()).substr(0, 4) + area;
}

inline const std::string kNoTicket = "8024 40000007 0000";

/// TPMT_PUBLIC of a key that signs on P-384: fixedTPM, fixedParent, sensitiveDataOrigin,
/// userWithAuth, sign.
inline std::string p384_area(const std::string& name_alg = "000b",
                             const std::string& scheme = "0010") {
  return "0023" + name_alg + "00040072 0000 0010" + scheme + "0004 0010 0000 0000";
}

/// TPM2_CreatePrimary of such a key in the owner's hierarchy, with the password "a".
inline Bytes create_primary(const std::string& area, const std::string& outside_info = "0000") {
  return authorized(0x131, "40000001",
                    "0005 0001 61 0000" + in_buffer(area) + outside_info + "00000000");
}

/// A command for one object with this password (hexadecimal), one octet.
inline Bytes with_password(std::uint32_t code, const std::string& password,
                           const std::string& parameters) {
  return message(tpm::header::kSessions, code,
                 "80000000 0000000a 40000009 0000 01 0001" + password + parameters);
}

/// TPM2_Sign of a digest of so many octets.
inline Bytes sign(std::size_t digest, const std::string& scheme = "0018 000b",
                  const std::string& password = "61") {
  return with_password(0x15d, password, sized(digest) + scheme + kNoTicket);
}

class FirmwareTest : public testing::Test {
 protected:
  void use(knowledge::FirmwareProfile profile) {
    tpm.reset();
    auto embedded = emulator::EmbeddedTpm::create();
    if (!embedded) throw std::runtime_error(embedded.error().message);
    auto layer = emulator::FirmwareLayer::create(std::move(*embedded), std::move(profile));
    if (!layer) throw std::runtime_error(layer.error().message);
    tpm = std::move(*layer);
  }
  Bytes send(const Bytes& command) {
    auto response = tpm->transmit(command, tpm::kNoDeadline);
    return response ? *response : Bytes{};
  }
  /// A TPM says RETRY when it notes in NV that a protected password is used (Part 1, 19.8.6).
  std::uint32_t code(const Bytes& command) {
    const std::uint32_t rc = knowledge::response_code(send(command));
    return rc == 0x922 ? knowledge::response_code(send(command)) : rc;
  }
  /// The integers of this type in one page of a capability.
  std::vector<std::uint64_t> list(std::uint32_t capability, std::string_view type,
                                  std::uint32_t first = 0, std::uint32_t count = 1000) {
    const Bytes command = get_capability(capability, first, count);
    const Bytes response = send(command);
    more_data = has_more_data(response);
    return integers(command, response, type);
  }
  /// The value of one TPM_PT.
  std::uint64_t property(std::uint32_t tag) { return list(6, "UINT32", tag, 1).at(1); }

  std::unique_ptr<emulator::FirmwareLayer> tpm;
  bool more_data = false;
};

}  // namespace tpmprobe::suites
