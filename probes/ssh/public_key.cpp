// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/public_key.h"

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "probes/ssh/algorithms.h"
#include "probes/ssh/wire.h"
#include "probes/verify/public_key.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
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
  if (!point) return fail(Error::Kind::malformed, 0, "the public point does not fit its curve");
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

}  // namespace tpmprobe::probes
