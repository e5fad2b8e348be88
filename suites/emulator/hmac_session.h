// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>

#include <openssl/hmac.h>

#include "suites/emulator/key_support.h"

namespace tpmprobe::suites {

/// An unsalted, unbound session with SHA-256 and AES-128 for keys with the empty auth value (Part
/// 1, 19.6 and 21), as a caller has it.
class HmacSession {
 public:
  static Bytes start_command() {
    return command_of(kStartAuthSession, hex("40000007 40000007"), {},
                      join({sized(Bytes(32, 0x66)), hex("0000 00 0006 0080 0043 000b")}));
  }
  /// Of the response to that.
  explicit HmacSession(const Bytes& started)
      : handle_(started.begin() + 10, started.begin() + 14),
        nonce_tpm_(field_of(start_command(), started, "nonceTPM.buffer")) {}

  /// The authorization area for a command on the object of this Name.
  [[nodiscard]] Bytes area(std::uint32_t code, const Bytes& name, const Bytes& parameters,
                           std::uint8_t attributes = 0x01) const {
    const Bytes hash = sha256(join({integer(code, 4), name, parameters}));
    const Bytes octet = integer(attributes, 1);
    return join({handle_, sized(nonce_caller_), octet,
                 sized(mac(join({hash, nonce_caller_, nonce_tpm_, octet})))});
  }
  /// The octets of the first parameter of a command, encrypted (CFB, Part 1, 21.3).
  [[nodiscard]] Bytes encrypt(const Bytes& plain) const {
    const Bytes key =
        mac(join({hex("00000001 43464200"), nonce_caller_, nonce_tpm_, hex("00000100")}));
    const std::unique_ptr<EVP_CIPHER_CTX, FreeBy<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>> context(
        EVP_CIPHER_CTX_new());
    Bytes octets(plain.size());
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_128_cfb128(), nullptr, key.data(), key.data() + 16);
    EVP_EncryptUpdate(context.get(), octets.data(), &size, plain.data(),
                      static_cast<int>(plain.size()));
    return octets;
  }
  /// Whether the HMAC of the response is right.
  bool accepts(const Bytes& command, const Bytes& response) {
    const auto split = knowledge::split_command(command);
    const auto answer = knowledge::split_response(*split->info, 1, response);
    if (!answer || answer->rc != 0) return false;
    const auto& auth = answer->auths.front();
    nonce_tpm_.assign(auth.nonce.begin(), auth.nonce.end());
    const Bytes parameters(answer->parameters.begin(), answer->parameters.end());
    const Bytes hash = sha256(join({integer(0, 4), integer(split->code, 4), parameters}));
    return std::ranges::equal(
        mac(join({hash, nonce_tpm_, nonce_caller_, integer(auth.attributes, 1)})), auth.hmac);
  }

 private:
  static Bytes mac(const Bytes& message) {
    Bytes result(32);
    const std::uint8_t no_key = 0;
    HMAC(EVP_sha256(), &no_key, 0, message.data(), message.size(), result.data(), nullptr);
    return result;
  }

  Bytes handle_, nonce_tpm_;
  Bytes nonce_caller_ = Bytes(32, 0x77);
};

}  // namespace tpmprobe::suites
