// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>

#include "host/certificate.h"
#include "suites/support/waiting.h"
#include "tpm/posix/process.h"

namespace tpmprobe::doctor {
namespace {

std::vector<std::uint8_t> certificate(std::vector<std::string> more) {
  std::vector<std::string> argv{"openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-384",
                                "-nodes",
                                "-keyout",
                                "/dev/null",
                                "-subj",
                                "/O=Maker/CN=Maker CA 7",
                                "-outform",
                                "DER"};
  argv.insert(argv.end(), more.begin(), more.end());
  const auto made = tpm::run_process(argv, suites::patiently());
  EXPECT_TRUE(made && made->status.succeeded());
  return made ? std::vector<std::uint8_t>(made->output.begin(), made->output.end())
              : std::vector<std::uint8_t>{};
}

TEST(DoctorCertificate, TellsKeyIssuerAndAddress) {
  auto der = certificate({"-addext", "authorityInfoAccess=caIssuers;URI:http://ca.example/ca.cer"});
  der.resize(der.size() + 100);  // an NV index is longer than what is in it
  const auto facts = host::read_certificate(der);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->key, "EC P-384");
  EXPECT_EQ(facts->issuer, "Maker CA 7");
  EXPECT_TRUE(facts->has_issuer_url);
  EXPECT_GT(facts->not_after_s, facts->not_before_s);
}

TEST(DoctorCertificate, WithoutAddress) {
  const auto facts = host::read_certificate(certificate({}));
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->has_issuer_url);
}

TEST(DoctorCertificate, OctetsThatAreNone) {
  EXPECT_FALSE(host::read_certificate(std::vector<std::uint8_t>(800, 0xff)));
  EXPECT_FALSE(host::read_certificate({}));
}

}  // namespace
}  // namespace tpmprobe::doctor
