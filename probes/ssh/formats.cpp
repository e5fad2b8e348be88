// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/formats.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/public_key.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

constexpr std::array kAlgorithms = {
    SshAlgorithm{"rsa-sha2-256", "ssh-rsa", alg::kSha256, 32, 0, ""},
    SshAlgorithm{"rsa-sha2-512", "ssh-rsa", alg::kSha512, 64, 0, ""},
    SshAlgorithm{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", alg::kSha256, 32, curve::kNistP256,
                 "nistp256"},
    SshAlgorithm{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", alg::kSha384, 48, curve::kNistP384,
                 "nistp384"},
    SshAlgorithm{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", alg::kSha512, 64, curve::kNistP521,
                 "nistp521"},
    SshAlgorithm{"ssh-ed25519", "ssh-ed25519", 0, 0, 0, "", false},
};

const SshAlgorithm* row(const SshAlgorithm* found) {
  return found == kAlgorithms.end() ? nullptr : found;
}

}  // namespace

std::span<const SshAlgorithm> ssh_algorithms() {
  return kAlgorithms;
}

const SshAlgorithm* find_ssh_algorithm(std::string_view name) {
  return row(std::ranges::find(kAlgorithms, name, &SshAlgorithm::name));
}

const SshAlgorithm* ssh_algorithm_of(const tpm::PublicKey& key) {
  const tpm::CurveId curve = key.type == tpm::KeyTemplate::Type::rsa ? tpm::CurveId{0} : key.curve;
  const bool nameless = key.type == tpm::KeyTemplate::Type::ecc && curve == 0;
  if (nameless) return nullptr;
  return row(std::ranges::find(kAlgorithms, curve, &SshAlgorithm::curve));
}

std::string advice_without_hash(const knowledge::Capabilities& capabilities) {
  const bool p256 = capabilities.has_curve(knowledge::curve::kNistP256) &&
                    capabilities.has_algorithm(knowledge::alg::kSha256);
  return p256 ? "Use an ecc256 key: ssh signs SHA-256 with it."
              : "Use an rsa2048 key: its digest can be padded outside the TPM.";
}

SshWriter& SshWriter::uint32(std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    octets_.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
  }
  return *this;
}

SshWriter& SshWriter::string(ByteView octets) {
  uint32(static_cast<std::uint32_t>(octets.size()));
  octets_.insert(octets_.end(), octets.begin(), octets.end());
  return *this;
}

SshWriter& SshWriter::string(std::string_view text) {
  return uint32(static_cast<std::uint32_t>(text.size())).raw(text);
}

SshWriter& SshWriter::mpint(ByteView magnitude) {
  const auto first = std::ranges::find_if(magnitude, [](std::uint8_t octet) { return octet != 0; });
  Bytes number(first, magnitude.end());
  if (!number.empty() && (number.front() & 0x80U) != 0) number.insert(number.begin(), 0);
  return string(ByteView(number));
}

SshWriter& SshWriter::raw(std::string_view text) {
  octets_.insert(octets_.end(), text.begin(), text.end());
  return *this;
}

std::string base64(ByteView octets) {
  Bytes encoded((octets.size() + 2) / 3 * 4 + 1);
  const int size = EVP_EncodeBlock(encoded.data(), octets.data(), static_cast<int>(octets.size()));
  return {encoded.begin(), encoded.begin() + size};
}

namespace {

namespace alg = knowledge::alg;

Bytes rsa_blob(const tpm::PublicKey& key, std::string_view key_type) {
  const Bytes exponent = SshWriter().uint32(key.exponent).octets();
  return SshWriter().string(key_type).mpint(exponent).mpint(key.modulus).octets();
}

}  // namespace

Expected<Bytes> public_key_blob(const tpm::PublicKey& key) {
  const SshAlgorithm* algorithm = ssh_algorithm_of(key);
  if (algorithm == nullptr) {
    return fail(Error::Kind::malformed, 0,
                fmt::format("ssh has no key type for curve 0x{:04x}", key.curve));
  }
  if (algorithm->curve == 0) return rsa_blob(key, algorithm->key_type);
  const Curve* curve = find_curve(key.curve);
  const auto point = curve == nullptr ? std::nullopt : uncompressed_point(*curve, key.x, key.y);
  if (!point) return fail(Error::Kind::malformed, 0, "the public point does not match its curve");
  return SshWriter()
      .string(algorithm->key_type)
      .string(algorithm->curve_name)
      .string(ByteView(*point))
      .octets();
}

Expected<std::string> public_key_line(const tpm::PublicKey& key, std::string_view comment) {
  return public_key_blob(key).map([&](const Bytes& blob) {
    return fmt::format("{} {} {}", ssh_algorithm_of(key)->key_type, base64(blob), comment);
  });
}

std::string ssh_fingerprint(ByteView public_key_blob) {
  std::string encoded = base64(tpm::digest(alg::kSha256, public_key_blob));
  encoded.erase(encoded.find_last_not_of('=') + 1);
  return "SHA256:" + encoded;
}

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
