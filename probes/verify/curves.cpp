// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/curves.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include <openssl/objects.h>

#include "knowledge/algorithm_ids.h"

namespace tpmprobe::probes {
namespace {

namespace curve = knowledge::curve;

// TCG Algorithm Registry, "BN_P256" and "BN_P638"; b = 3 and 257, generators (1, 2) and (-1, 16).
constexpr DomainParameters kBnP256 = {
    .p = "FFFFFFFFFFFCF0CD46E5F25EEE71A49F0CDC65FB12980A82D3292DDBAED33013",
    .a = "0",
    .b = "3",
    .x = "1",
    .y = "2",
    .n = "FFFFFFFFFFFCF0CD46E5F25EEE71A49E0CDC65FB1299921AF62D536CD10B500D"};

constexpr DomainParameters kBnP638 = {
    .p = "23FFFFFDC000000D7FFFFFB8000001D3FFFFF942D000165E3FFF94870000D52F"
         "FFFDD0E00008DE55C00086520021E55BFFFFF51FFFF4EB800000004C80015ACD"
         "FFFFFFFFFFFFECE00000000000000067",
    .a = "0",
    .b = "101",
    .x = "23FFFFFDC000000D7FFFFFB8000001D3FFFFF942D000165E3FFF94870000D52F"
         "FFFDD0E00008DE55C00086520021E55BFFFFF51FFFF4EB800000004C80015ACD"
         "FFFFFFFFFFFFECE00000000000000066",
    .y = "10",
    .n = "23FFFFFDC000000D7FFFFFB8000001D3FFFFF942D000165E3FFF94870000D52F"
         "FFFDD0E00008DE55600086550021E555FFFFF54FFFF4EAC000000049800154D9"
         "FFFFFFFFFFFFEDA00000000000000061"};

constexpr std::array kCurves = {
    CurveName{curve::kNistP192, "NIST_P192", "prime192v1"},
    CurveName{curve::kNistP224, "NIST_P224", "secp224r1"},
    CurveName{curve::kNistP256, "NIST_P256", "prime256v1"},
    CurveName{curve::kNistP384, "NIST_P384", "secp384r1"},
    CurveName{curve::kNistP521, "NIST_P521", "secp521r1"},
    CurveName{curve::kBnP256, "BN_P256", nullptr, &kBnP256},
    CurveName{curve::kBnP638, "BN_P638", nullptr, &kBnP638},
    CurveName{curve::kSm2P256, "SM2_P256", "SM2"},
    CurveName{curve::kBpP256R1, "BP_P256_R1", "brainpoolP256r1"},
    CurveName{curve::kBpP384R1, "BP_P384_R1", "brainpoolP384r1"},
    CurveName{curve::kBpP512R1, "BP_P512_R1", "brainpoolP512r1"},
};

openssl::Group group_of(const DomainParameters& given) {
  using openssl::big_number;
  openssl::Group group(EC_GROUP_new_curve_GFp(big_number(given.p).get(), big_number(given.a).get(),
                                              big_number(given.b).get(), nullptr));
  openssl::Point generator(EC_POINT_new(group.get()));
  EC_POINT_set_affine_coordinates(group.get(), generator.get(), big_number(given.x).get(),
                                  big_number(given.y).get(), nullptr);
  EC_GROUP_set_generator(group.get(), generator.get(), big_number(given.n).get(), BN_value_one());
  return group;
}

openssl::Group group_of(const CurveName& name) {
  if (name.parameters != nullptr) return group_of(*name.parameters);
  return openssl::Group(EC_GROUP_new_by_curve_name(OBJ_txt2nid(name.openssl)));
}

Curve build(const CurveName& name) {
  const openssl::QuietErrors quiet;
  Curve curve{.name = &name, .group = group_of(name)};
  if (curve.group == nullptr) return curve;
  curve.field_octets = (static_cast<std::size_t>(EC_GROUP_get_degree(curve.group.get())) + 7) / 8;
  curve.order_octets = static_cast<std::size_t>(BN_num_bytes(curve.order()));
  return curve;
}

}  // namespace

std::span<const CurveName> curve_names() {
  return kCurves;
}

const Curve* find_curve(tpm::CurveId id) {
  // Before the map, so that OpenSSL cleans itself up after the map's groups are gone.
  static const int kOpensslReady = OPENSSL_init_crypto(0, nullptr);
  static std::mutex mutex;
  static std::map<tpm::CurveId, Curve> built;
  const auto* name = std::ranges::find(kCurves, id, &CurveName::id);
  if (name == kCurves.end() || kOpensslReady != 1) return nullptr;
  const std::lock_guard lock(mutex);
  auto found = built.find(id);
  if (found == built.end()) found = built.emplace(id, build(*name)).first;
  return found->second.group == nullptr ? nullptr : &found->second;
}

}  // namespace tpmprobe::probes
