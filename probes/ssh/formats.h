// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "knowledge/capabilities.h"
#include "tpm/bytes.h"
#include "tpm/error.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// One public-key signature algorithm of SSH.
struct SshAlgorithm {
  std::string_view name;        ///< as in PubkeyAcceptedAlgorithms, "rsa-sha2-512"
  std::string_view key_type;    ///< first word of the public key, "ssh-rsa"
  tpm::AlgId hash = 0;          ///< what is signed is the digest by this hash; 0: nothing is hashed
  std::size_t digest_size = 0;  ///< in octets; the TPM must take a digest of this size
  tpm::CurveId curve = 0;       ///< 0: not on a curve of a TPM
  std::string_view curve_name;  ///< RFC 5656, 6.1: "nistp384"
  bool tpm = true;              ///< false: no TPM 2.0 offers such keys
};

/// Every algorithm that ssh accepts for a login with a usual key: RFC 8332 (RSA), RFC 5656 (ECDSA,
/// the hash by the curve as in 6.2.1), RFC 8709 (Ed25519).
std::span<const SshAlgorithm> ssh_algorithms();

/// The algorithm of this name, or null.
const SshAlgorithm* find_ssh_algorithm(std::string_view name);

/// The first algorithm that fits the kind and curve of this key, null if ssh has none (P-224,
/// BN_P256).
const SshAlgorithm* ssh_algorithm_of(const tpm::PublicKey& key);

/// What to make in place of a key whose hash the TPM lacks.
std::string advice_without_hash(const knowledge::Capabilities& capabilities);

/// Writes the data types of SSH (RFC 4251, clause 5) one after the other.
class SshWriter {
 public:
  /// Four octets, big endian.
  SshWriter& uint32(std::uint32_t value);
  /// "string": length and octets.
  SshWriter& string(ByteView octets);
  SshWriter& string(std::string_view text);
  /// "mpint" of a number that is not negative, given big endian: no zeros in front but the one that
  /// keeps the sign bit clear; zero itself has no octets.
  SshWriter& mpint(ByteView magnitude);
  /// Octets without a length.
  SshWriter& raw(std::string_view text);

  [[nodiscard]] const Bytes& octets() const { return octets_; }

 private:
  Bytes octets_;
};

/// Base64 (RFC 4648, clause 4) in one line, with padding.
std::string base64(ByteView octets);

/// The public key in the form of SSH: RFC 4253, 6.6 (ssh-rsa) and RFC 5656, 3.1 (ecdsa-sha2-*, the
/// point uncompressed). Fails with `malformed` if ssh has no key type for it, or if a coordinate is
/// longer than the curve's field.
Expected<Bytes> public_key_blob(const tpm::PublicKey& key);

/// One line as in ~/.ssh/id_*.pub and authorized_keys: key type, base64, comment; no line end.
Expected<std::string> public_key_line(const tpm::PublicKey& key, std::string_view comment);

/// "SHA256:" and the base64 of the blob's digest without padding, as `ssh-keygen -l` shows it.
std::string ssh_fingerprint(ByteView public_key_blob);

/// The two hashes of a message that SSHSIG has (OpenSSH, PROTOCOL.sshsig, clause 2). Not to be
/// mixed up with the hash of the signature, which the algorithm fixes.
enum class SshsigHash : std::uint8_t { sha256, sha512 };

/// The signature in the form of SSH: RFC 8332, clause 3 (RSA, the octets as they are) or RFC 5656,
/// 3.1.2 (ECDSA, r and s as mpint).
Bytes signature_blob(const SshAlgorithm& algorithm, const tpm::Signature& signature);

/// What the key has to sign (PROTOCOL.sshsig, clause 3): the TPM gets the digest of these octets by
/// the hash of the `SshAlgorithm`. `name_space` may not be empty.
Bytes signed_data(std::string_view name_space, SshsigHash hash, ByteView message);

/// The file that `ssh-keygen -Y verify -s` reads (PROTOCOL.sshsig, clauses 1 and 2), octet for
/// octet as `ssh-keygen -Y sign` writes it.
std::string sshsig_file(ByteView public_key_blob, std::string_view name_space, SshsigHash hash,
                        ByteView signature_blob);

}  // namespace tpmprobe::probes
