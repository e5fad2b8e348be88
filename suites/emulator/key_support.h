// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "emulator/embedded_tpm.h"
#include "suites/emulator/quirk_support.h"

/// Keys and signatures of a TPM with a defect, judged by OpenSSL alone.
namespace tpmprobe::suites {

template <typename T, void (*Function)(T*)>
struct FreeBy {
  void operator()(T* object) const { Function(object); }
};
using Number = std::unique_ptr<BIGNUM, FreeBy<BIGNUM, BN_free>>;
using NumberContext = std::unique_ptr<BN_CTX, FreeBy<BN_CTX, BN_CTX_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY, EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using KeyParameters = std::unique_ptr<OSSL_PARAM, FreeBy<OSSL_PARAM, OSSL_PARAM_free>>;
using KeyParameterBuilder =
    std::unique_ptr<OSSL_PARAM_BLD, FreeBy<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;

constexpr std::uint32_t kCreatePrimary = 0x131, kCreate = 0x153, kLoad = 0x157, kSign = 0x15d,
                        kRsaDecrypt = 0x159, kReadPublic = 0x173, kLoadExternal = 0x167,
                        kFlushContext = 0x165, kContextSave = 0x162, kContextLoad = 0x161,
                        kStartAuthSession = 0x176, kVerifySignature = 0x177, kCreateLoaded = 0x191;

inline Number big(ByteView octets) {
  return Number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}
inline Bytes padded(const BIGNUM* number, std::size_t size) {
  Bytes octets(size);
  EXPECT_GE(BN_bn2binpad(number, octets.data(), static_cast<int>(size)), 0);
  return octets;
}
inline Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
inline Bytes integer(std::uint64_t value, std::size_t size) {
  Bytes octets(size);
  tpm::header::store(octets, 0, size, value);
  return octets;
}
/// A TPM2B of these octets.
inline Bytes sized(const Bytes& octets) {
  return join({integer(octets.size(), 2), octets});
}
inline Bytes sha256(ByteView data) {
  Bytes digest(32);
  EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

/// A command with this authorization area (none: without sessions).
inline Bytes command_of(std::uint32_t code, const Bytes& handles, const Bytes& area,
                        const Bytes& parameters) {
  const bool bare = area.empty();
  Bytes command =
      tpm::header::response(code, bare ? tpm::header::kNoSessions : tpm::header::kSessions);
  command = join({command, handles, bare ? Bytes() : integer(area.size(), 4), area, parameters});
  tpm::header::store(command, tpm::header::kSizeOffset, 4, command.size());
  return command;
}
inline const Bytes kEmptyPassword = hex("40000009 0000 01 0000");

/// The octets of one field of a response.
inline Bytes field_of(const Bytes& command, const Bytes& response, std::string_view path) {
  tpm::WireExchange exchange{ByteView(command)};
  exchange.answer(response);
  const auto octets = exchange.given().octets(path);
  EXPECT_NE(exchange.given().find(path), nullptr)
      << path << ": " << (exchange.reply() ? "not there" : exchange.reply().error().message);
  return {octets.begin(), octets.end()};
}

/// Octets of one field of a TPMT_PUBLIC.
inline Bytes area_field(const Bytes& area, std::string_view path) {
  const auto read = knowledge::read_structure("TPMT_PUBLIC", area);
  const auto* field = read ? knowledge::find_field(read->fields, path) : nullptr;
  if (field == nullptr) return {};
  const auto at = area.begin() + static_cast<std::ptrdiff_t>(field->offset);
  return {at, at + static_cast<std::ptrdiff_t>(field->size)};
}
inline Bytes modulus_of(const Bytes& area) {
  return area_field(area, "unique.rsa.buffer");
}
inline Bytes name_by_openssl(const Bytes& area) {
  return join({hex("000b"), sha256(area)});
}

/// An RSA public key for EVP.
inline Pkey rsa_key(const Bytes& modulus, std::uint32_t exponent = 65537) {
  const KeyParameterBuilder builder(OSSL_PARAM_BLD_new());
  const Number n = big(modulus);
  const Number e = big(integer(exponent, 4));
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const KeyParameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return Pkey(key);
}

/// Whether the signature of a SHA-256 digest is right; `salt`: RSASSA-PSS with exactly so much.
inline bool verifies(EVP_PKEY* key, const Bytes& signature, const Bytes& digest, int salt = -10) {
  const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (EVP_PKEY_verify_init(context.get()) != 1) return false;
  const bool pss = salt != -10;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    EVP_PKEY_CTX_set_rsa_padding(context.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
    EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256());
    if (pss) EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), salt);
  }
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest.size()) == 1;
}

using Curve = std::unique_ptr<EC_GROUP, FreeBy<EC_GROUP, EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, FreeBy<EC_POINT, EC_POINT_free>>;
using EcdsaPair = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG, ECDSA_SIG_free>>;

inline Curve p256() {
  return Curve(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
}
inline Number p256_order() {
  return Number(BN_dup(EC_GROUP_get0_order(p256().get())));
}
/// The coordinates of a multiple of the generator of P-256.
inline std::pair<Bytes, Bytes> ecc_point(const Bytes& scalar) {
  const Curve curve = p256();
  const Point point(EC_POINT_new(curve.get()));
  const Number x(BN_new()), y(BN_new());
  EC_POINT_mul(curve.get(), point.get(), big(scalar).get(), nullptr, nullptr, nullptr);
  EC_POINT_get_affine_coordinates(curve.get(), point.get(), x.get(), y.get(), nullptr);
  return {padded(x.get(), 32), padded(y.get(), 32)};
}

/// Whether an ECDSA signature by the P-256 key (x, y) is right.
inline bool ecdsa_verifies(const Bytes& x, const Bytes& y, const Bytes& r, const Bytes& s,
                           const Bytes& digest) {
  const KeyParameterBuilder builder(OSSL_PARAM_BLD_new());
  const Bytes point = join({hex("04"), x, y});
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  const KeyParameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get());
  const Pkey key(made);
  const EcdsaPair pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), big(r).release(), big(s).release());
  Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)));
  std::uint8_t* end = der.data();
  i2d_ECDSA_SIG(pair.get(), &end);
  return key != nullptr && verifies(key.get(), der, digest);
}

/// An embedded TPM with rules, and a storage key in it.
class KeyTest : public testing::Test {
 protected:
  /// What TPM2_Create made.
  struct Blob {
    Bytes secret, area;
  };
  struct Loaded {
    Bytes handle, name;
  };

  void build(std::vector<emulator::Rule> rules) {
    auto embedded = emulator::EmbeddedTpm::create();
    ASSERT_TRUE(embedded) << embedded.error().message;
    tpm = std::make_unique<emulator::QuirkLayer>(
        std::move(*embedded), std::vector<emulator::Quirk>{quirk_of(std::move(rules))}, clock);
    const Bytes storage = hex("0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010 0000 0000");
    const Bytes command = create_command(kCreatePrimary, hex("40000007"), storage);
    const Bytes response = send(command);
    ASSERT_EQ(knowledge::response_code(response), 0U);
    parent = handle_in(response);
  }
  void TearDown() override { tpm.reset(); }

  Bytes send(const Bytes& command) {
    auto response = tpm->transmit(command, tpm::kNoDeadline);
    if (!response) ADD_FAILURE() << response.error().message;
    return response.value_or(Bytes());
  }
  std::uint32_t code(const Bytes& command) { return knowledge::response_code(send(command)); }
  static Bytes handle_in(const Bytes& response) {
    return {response.begin() + 10, response.begin() + 14};
  }
  static Bytes create_command(std::uint32_t code, const Bytes& where, const Bytes& area) {
    return command_of(code, where, kEmptyPassword,
                      join({hex("0004 0000 0000"), sized(area), hex("0000 00000000")}));
  }
  Blob create(const Bytes& area) {
    const Bytes command = create_command(kCreate, parent, area);
    const Bytes response = send(command);
    return {field_of(command, response, "outPrivate.buffer"),
            field_of(command, response, "outPublic.publicArea")};
  }
  static Bytes load_command(const Bytes& where, const Blob& blob) {
    return command_of(kLoad, where, kEmptyPassword, join({sized(blob.secret), sized(blob.area)}));
  }
  Loaded load(const Blob& blob) {
    const Bytes command = load_command(parent, blob);
    const Bytes response = send(command);
    if (knowledge::response_code(response) != 0) {
      ADD_FAILURE() << "TPM2_Load: " << knowledge::response_code(response);
      return {};
    }
    return {handle_in(response), field_of(command, response, "name.buffer")};
  }
  static Bytes sign_command(const Bytes& key, const Bytes& digest, std::string_view scheme,
                            const Bytes& area = kEmptyPassword) {
    return command_of(kSign, key, area,
                      join({sized(digest), hex(scheme), hex("8024 40000007 0000")}));
  }
  Bytes sign(const Bytes& key, const Bytes& digest, std::string_view scheme,
             std::string_view path) {
    const Bytes command = sign_command(key, digest, scheme);
    return field_of(command, send(command), path);
  }
  Bytes sign_rsassa(const Bytes& key) {
    return sign(key, kDigest, "0014 000b", "signature.signature.rsassa.sig.buffer");
  }
  Bytes sign_rsapss(const Bytes& key) {
    return sign(key, kDigest, "0016 000b", "signature.signature.rsapss.sig.buffer");
  }
  /// An unrestricted RSA key of this size and these more attributes.
  static Bytes rsa_template(unsigned bits, std::uint32_t attributes = 0x00040460) {
    return join({hex("0001 000b"), integer(attributes, 4), hex("0000 0010 0010"), integer(bits, 2),
                 hex("00000000 0000")});
  }

  const Bytes kDigest = sha256(hex("0123456789"));
  ManualClock clock;
  tpm::TransportPtr tpm;
  Bytes parent;
};

}  // namespace tpmprobe::suites
