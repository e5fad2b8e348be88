// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/digest.h"

#include <algorithm>
#include <array>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "knowledge/algorithm_ids.h"
#include "tpm/layers/header.h"

namespace tpmprobe::tpm {
namespace {

namespace alg = knowledge::alg;

constexpr std::array kHashes = {
    HashName{alg::kSha1, "SHA1"},         HashName{alg::kSha256, "SHA256"},
    HashName{alg::kSha384, "SHA384"},     HashName{alg::kSha512, "SHA512"},
    HashName{alg::kSm3_256, "SM3"},       HashName{alg::kSha3_256, "SHA3-256"},
    HashName{alg::kSha3_384, "SHA3-384"}, HashName{alg::kSha3_512, "SHA3-512"},
};

}  // namespace

std::span<const HashName> hash_names() {
  return kHashes;
}

const EVP_MD* find_hash(AlgId hash) {
  const auto* row = std::ranges::find(kHashes, hash, &HashName::id);
  return row == kHashes.end() ? nullptr : EVP_get_digestbyname(row->openssl);
}

std::size_t digest_size(AlgId hash) {
  const EVP_MD* md = find_hash(hash);
  return md == nullptr ? 0 : static_cast<std::size_t>(EVP_MD_get_size(md));
}

Bytes digest(AlgId hash, ByteView data) {
  Bytes result(digest_size(hash));
  if (result.empty()) return {};
  ERR_set_mark();  // a later caller must not take our error for its own
  const bool done =
      EVP_Digest(data.data(), data.size(), result.data(), nullptr, find_hash(hash), nullptr) == 1;
  ERR_pop_to_mark();
  return done ? result : Bytes{};
}

namespace {

constexpr std::size_t kNameAlgOffset = 2, kAlgSize = 2;  // TPMT_PUBLIC (Part 2, 12.2.4)

}  // namespace

Bytes name_of(ByteView public_area) {
  if (public_area.size() < kNameAlgOffset + kAlgSize) return {};
  const auto algorithm = public_area.subspan(kNameAlgOffset, kAlgSize);
  const Bytes hashed =
      digest(static_cast<AlgId>(header::load(algorithm, 0, kAlgSize)), public_area);
  if (hashed.empty()) return {};
  Bytes name(algorithm.begin(), algorithm.end());
  name.insert(name.end(), hashed.begin(), hashed.end());
  return name;
}

}  // namespace tpmprobe::tpm
