// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/sshsig.h"

#include "knowledge/algorithm_ids.h"
#include "probes/ssh/wire.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;

constexpr std::string_view kPreamble = "SSHSIG";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kReserved;
// PROTOCOL.sshsig recommends 76; 70 is what ssh-keygen does.
constexpr std::size_t kLineLength = 70;

std::string_view name_of(SshsigHash hash) {
  return hash == SshsigHash::sha256 ? "sha256" : "sha512";
}

Bytes digest_of(SshsigHash hash, ByteView message) {
  return tpm::digest(hash == SshsigHash::sha256 ? alg::kSha256 : alg::kSha512, message);
}

}  // namespace

Bytes signature_blob(const SshAlgorithm& algorithm, const tpm::Signature& signature) {
  SshWriter blob;
  blob.string(algorithm.name);
  if (algorithm.curve == 0) return blob.string(ByteView(signature.rsa)).octets();
  const Bytes pair = SshWriter().mpint(signature.r).mpint(signature.s).octets();
  return blob.string(ByteView(pair)).octets();
}

Bytes signed_data(std::string_view name_space, SshsigHash hash, ByteView message) {
  return SshWriter()
      .raw(kPreamble)
      .string(name_space)
      .string(kReserved)
      .string(name_of(hash))
      .string(ByteView(digest_of(hash, message)))
      .octets();
}

std::string sshsig_file(ByteView public_key_blob, std::string_view name_space, SshsigHash hash,
                        ByteView signature_blob) {
  const std::string encoded = base64(SshWriter()
                                         .raw(kPreamble)
                                         .uint32(kVersion)
                                         .string(public_key_blob)
                                         .string(name_space)
                                         .string(kReserved)
                                         .string(name_of(hash))
                                         .string(signature_blob)
                                         .octets());
  std::string file = "-----BEGIN SSH SIGNATURE-----\n";
  for (std::size_t at = 0; at < encoded.size(); at += kLineLength) {
    file += encoded.substr(at, kLineLength) + '\n';
  }
  return file + "-----END SSH SIGNATURE-----\n";
}

}  // namespace tpmprobe::probes
