// SPDX-License-Identifier: BSD-2-Clause
#include <thread>

#include <gtest/gtest.h>

#include "probes/verify/curves.h"
#include "probes/verify/public_key.h"
#include "suites/support/not_empty.h"
#include "suites/unit/probes/verify_recorded_curves.h"
#include "suites/unit/probes/verify_support.h"

namespace tpmprobe::probes {
namespace {

struct Parameters {
  openssl::BigNumber p{BN_new()}, a{BN_new()}, b{BN_new()}, x{BN_new()}, y{BN_new()};
};

Parameters parameters_of(const Curve& curve) {
  Parameters found;
  const EC_GROUP* group = curve.group.get();
  EC_GROUP_get_curve(group, found.p.get(), found.a.get(), found.b.get(), nullptr);
  EC_POINT_get_affine_coordinates(group, EC_GROUP_get0_generator(group), found.x.get(),
                                  found.y.get(), nullptr);
  return found;
}

TEST(Curves, EveryOneIsAGroupOfTheStatedOrder) {
  for (const CurveName& name : suites::not_empty(curve_names())) {
    const Curve* curve = find_curve(name.id);
    ASSERT_NE(curve, nullptr) << name.name;
    EXPECT_EQ(EC_GROUP_check(curve->group.get(), nullptr), 1) << name.name;
    const openssl::Point product(EC_POINT_new(curve->group.get()));
    EC_POINT_mul(curve->group.get(), product.get(), curve->order(), nullptr, nullptr, nullptr);
    EXPECT_EQ(EC_POINT_is_at_infinity(curve->group.get(), product.get()), 1) << name.name;
  }
}

TEST(Curves, AreThoseThatATpmMeans) {
  for (const RecordedCurve& tpm : kRecordedCurves) {
    const Curve* curve = find_curve(tpm.id);
    ASSERT_NE(curve, nullptr) << tpm.id;
    const Parameters found = parameters_of(*curve);
    EXPECT_EQ(BN_cmp(found.p.get(), openssl::big_number(tpm.p).get()), 0) << tpm.id;
    EXPECT_EQ(BN_cmp(found.a.get(), openssl::big_number(tpm.a).get()), 0) << tpm.id;
    EXPECT_EQ(BN_cmp(found.b.get(), openssl::big_number(tpm.b).get()), 0) << tpm.id;
    EXPECT_EQ(BN_cmp(found.x.get(), openssl::big_number(tpm.x).get()), 0) << tpm.id;
    EXPECT_EQ(BN_cmp(found.y.get(), openssl::big_number(tpm.y).get()), 0) << tpm.id;
    EXPECT_EQ(BN_cmp(curve->order(), openssl::big_number(tpm.n).get()), 0) << tpm.id;
    EXPECT_EQ(curve->field_octets, unhex(tpm.p).size()) << tpm.id;
    EXPECT_EQ(curve->order_octets, unhex(tpm.n).size()) << tpm.id;
  }
}

TEST(Curves, AreBuiltOnceAlsoForSeveralThreads) {
  const Curve* first = nullptr;
  const Curve* second = nullptr;
  std::thread one([&] { first = find_curve(curve::kBnP638); });
  std::thread two([&] { second = find_curve(curve::kBnP638); });
  one.join();
  two.join();
  EXPECT_NE(first, nullptr);
  EXPECT_EQ(first, second);
}

TEST(Curves, UnknownOnesAreNull) {
  EXPECT_EQ(find_curve(0x0040), nullptr);
}

TEST(Points, ShortCoordinatesAreTheSamePoint) {
  const Curve& curve = *find_curve(curve::kBnP256);
  const auto bare = uncompressed_point(curve, unhex("01"), unhex("02"));
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->size(), 65U);
  EXPECT_EQ(bare->front(), 0x04);
  EXPECT_NE(decode_point(curve, unhex("01"), unhex("02")), nullptr);
}

TEST(Points, CoordinatesThatAreTooLongOrNotBelowPAreNone) {
  const Curve& curve = *find_curve(curve::kBnP256);
  EXPECT_FALSE(uncompressed_point(curve, Bytes(33, 0xFF), unhex("02")));
  // p + 1 is the x coordinate 1 of the generator again, but must be given as 1.
  const Bytes p_plus_one =
      unhex("fffffffffffcf0cd46e5f25eee71a49f0cdc65fb12980a82d3292ddbaed33014");
  EXPECT_EQ(decode_point(curve, p_plus_one, unhex("02")), nullptr);
}

TEST(Points, OffTheCurveAreNone) {
  EXPECT_EQ(decode_point(*find_curve(curve::kBnP256), unhex("01"), unhex("03")), nullptr);
  EXPECT_EQ(decode_point(*find_curve(curve::kNistP256), {}, {}), nullptr);
}

}  // namespace
}  // namespace tpmprobe::probes
