// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/algorithm_ids.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

namespace curve = knowledge::curve;

/// What libtpms 0.9.2 answers to TPM2_ECC_Parameters (Part 3): the curve as a TPM knows it.
struct RecordedCurve {
  tpm::CurveId id;
  const char *p, *a, *b, *x, *y, *n;
};

inline constexpr RecordedCurve kRecordedCurves[] = {
    {curve::kNistP192, "fffffffffffffffffffffffffffffffeffffffffffffffff",
     "fffffffffffffffffffffffffffffffefffffffffffffffc",
     "64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1",
     "188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012",
     "07192b95ffc8da78631011ed6b24cdd573f977a11e794811",
     "ffffffffffffffffffffffff99def836146bc9b1b4d22831"},
    {curve::kNistP224, "ffffffffffffffffffffffffffffffff000000000000000000000001",
     "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
     "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
     "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
     "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
     "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d"},
    {curve::kNistP256, "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
     "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
     "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
     "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
    {curve::kNistP384,
     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff00000000"
     "00000000ffffffff",
     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff00000000"
     "00000000fffffffc",
     "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d"
     "2a85c8edd3ec2aef",
     "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c"
     "3a545e3872760ab7",
     "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d"
     "7a431d7c90ea0e5f",
     "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77a"
     "ecec196accc52973"},
    {curve::kNistP521,
     "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "fffffffffffffffffffffffffffffffffffffffffffffffffffc",
     "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e"
     "937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
     "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe7"
     "5928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
     "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef4"
     "2640c550b9013fad0761353c7086a272c24088be94769fd16650",
     "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f"
     "966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"},
    {curve::kBnP256, "fffffffffffcf0cd46e5f25eee71a49f0cdc65fb12980a82d3292ddbaed33013", "00",
     "0000000000000000000000000000000000000000000000000000000000000003",
     "0000000000000000000000000000000000000000000000000000000000000001",
     "0000000000000000000000000000000000000000000000000000000000000002",
     "fffffffffffcf0cd46e5f25eee71a49e0cdc65fb1299921af62d536cd10b500d"},
    {curve::kBnP638,
     "23fffffdc000000d7fffffb8000001d3fffff942d000165e3fff94870000d52ffffdd0e00008de55"
     "c00086520021e55bfffff51ffff4eb800000004c80015acdffffffffffffece00000000000000067",
     "00",
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000101",
     "23fffffdc000000d7fffffb8000001d3fffff942d000165e3fff94870000d52ffffdd0e00008de55"
     "c00086520021e55bfffff51ffff4eb800000004c80015acdffffffffffffece00000000000000066",
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000010",
     "23fffffdc000000d7fffffb8000001d3fffff942d000165e3fff94870000d52ffffdd0e00008de55"
     "600086550021e555fffff54ffff4eac000000049800154d9ffffffffffffeda00000000000000061"},
    {curve::kSm2P256, "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff",
     "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc",
     "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93",
     "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7",
     "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
     "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123"},
};

}  // namespace tpmprobe::probes
