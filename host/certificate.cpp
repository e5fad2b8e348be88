// SPDX-License-Identifier: BSD-2-Clause
#include "host/certificate.h"

#include <array>
#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace tpmprobe::host {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(AUTHORITY_INFO_ACCESS* access) const { AUTHORITY_INFO_ACCESS_free(access); }
};

std::string key_words(X509* certificate) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return "unknown key";
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC)
    return fmt::format("RSA-{}", EVP_PKEY_get_bits(key));
  std::array<char, 64> curve{};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &length) != 1) return "EC";
  const char* nist = EC_curve_nid2nist(OBJ_sn2nid(curve.data()));
  return fmt::format("EC {}", nist != nullptr ? nist : curve.data());
}

std::string name_part(X509* certificate, int nid) {
  std::array<char, 128> text{};
  X509_NAME* issuer = X509_get_issuer_name(certificate);
  const int length =
      X509_NAME_get_text_by_NID(issuer, nid, text.data(), static_cast<int>(text.size()));
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "";
}

std::int64_t seconds(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<std::int64_t>(::timegm(&parts)) : 0;
}

bool has_issuer_url(X509* certificate) {
  const std::unique_ptr<AUTHORITY_INFO_ACCESS, Free> access(static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* entry = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(entry->method) == NID_ad_ca_issuers && entry->location->type == GEN_URI) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<CertificateFacts> read_certificate(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  const std::unique_ptr<X509, Free> owned(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  X509* certificate = owned.get();
  if (certificate == nullptr) return std::nullopt;
  CertificateFacts facts;
  facts.key = key_words(certificate);
  facts.issuer = name_part(certificate, NID_commonName);
  if (facts.issuer.empty()) facts.issuer = name_part(certificate, NID_organizationName);
  facts.not_before_s = seconds(X509_get0_notBefore(certificate));
  facts.not_after_s = seconds(X509_get0_notAfter(certificate));
  facts.has_issuer_url = has_issuer_url(certificate);
  return facts;
}

}  // namespace tpmprobe::host
