// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/name.h"

#include "tpm/digest.h"
#include "tpm/layers/header.h"

namespace tpmprobe::tpm {
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
