// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/verify.h"

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/ecc.h"
#include "probes/verify/openssl.h"
#include "probes/verify/rsa.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;

VerifyOutcome by_scheme(const tpm::PublicKey& key, const tpm::Signature& signature, ByteView digest,
                        const tpm::Commitment* commitment) {
  const bool rsa = key.type == tpm::KeyTemplate::Type::rsa;
  switch (signature.algorithm) {
    case alg::kRsassa:
    case alg::kRsapss:
      return rsa ? verify_rsa(key, signature, digest)
                 : refused("an ECC key does not make RSA signatures");
    case alg::kEcdsa:
    case alg::kSm2:
    case alg::kEcschnorr:
    case alg::kEcdaa:
      return rsa ? refused("an RSA key does not make ECC signatures")
                 : verify_ecc(key, signature, digest, commitment);
    default:
      return not_checked("the signature scheme is unknown");
  }
}

}  // namespace

VerifyOutcome verify_signature(const tpm::PublicKey& key, const tpm::Signature& signature,
                               ByteView digest, const tpm::Commitment* commitment) {
  VerifyOutcome outcome = by_scheme(key, signature, digest, commitment);
  if (!outcome.checked) outcome.by.clear();
  if (outcome.checked && outcome.by.empty()) outcome.by = openssl::version();
  return outcome;
}

VerifyOutcome refused(std::string why) {
  VerifyOutcome outcome;
  outcome.why = std::move(why);
  return outcome;
}

VerifyOutcome not_checked(std::string why) {
  VerifyOutcome outcome = refused(std::move(why));
  outcome.checked = false;
  return outcome;
}

VerifyOutcome judged(bool valid) {
  VerifyOutcome outcome;
  outcome.valid = valid;
  if (!valid) outcome.why = "the signature does not belong to this key and digest";
  return outcome;
}

std::string size_defect(std::string_view what, std::size_t found, std::string_view measure,
                        std::size_t expected) {
  if (found == expected) return {};
  return fmt::format("{} has {} bytes, the {} {}", what, found, measure, expected);
}

}  // namespace tpmprobe::probes
