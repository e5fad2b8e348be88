// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe ssh --fapi` with the real library.
#include <filesystem>
#include <fstream>

#include "suites/swtpm/fapi_certificate.h"
#include "suites/swtpm/walk_support.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json walk(Words choice, int exit_code, const Environment& environment = {}) {
  choice.insert(choice.begin(), {"ssh", "--fapi", "--format", "json"});
  const auto run = run_tpmprobe(choice, environment);
  EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
  return validated_report(run.output);
}

std::string text(const json& report, std::string_view id, const char* key) {
  const auto result = result_of(report, id);
  const auto value = result.is_null() ? json() : result.at(key);
  return value.is_string() ? value.get<std::string>() : "";
}

TEST(FapiWalk, ProvisionsSignsAndSaysWhatFits) {
  const auto report = walk({"--emulated"}, 0);
  for (const std::string profile : {"P_ECCP256SHA256", "P_ECCP384SHA384", "P_RSA2048SHA256"}) {
    if (verdict_of(report, "fapi." + profile + ".fits") == "none") continue;  // other tss2, others
    for (const auto* step : {".fits", ".provision", ".sign"}) {
      EXPECT_EQ(verdict_of(report, "fapi." + profile + step), "pass") << profile << step;
    }
    EXPECT_THAT(result_of(report, "fapi." + profile + ".sign").at("verified_by").dump(),
                HasSubstr("OpenSSL 3"));
    EXPECT_EQ(verdict_of(report, "fapi." + profile + ".ek-certificate"), "unsupported");
    EXPECT_EQ(text(report, "fapi." + profile + ".ek-certificate", "rc"), "0x60025");
  }
  for (const auto* id : {"fapi.profiles", "fapi.ready", "fapi.unprovisioned", "fapi.twice"}) {
    EXPECT_EQ(verdict_of(report, id), "pass") << id;
  }
  EXPECT_THAT(text(report, "fapi.unprovisioned", "actual"), HasSubstr("0x60034"));
  EXPECT_THAT(text(report, "fapi.twice", "actual"), HasSubstr("0x60035"));
  EXPECT_THAT(text(report, "fapi.config", "advice"),
              HasSubstr("\"profile_name\": \"P_ECCP256SHA256\", \"ek_cert_less\": \"yes\","));
}

/// What is told by a look is what comes of trying it.
class FapiPrediction : public ::testing::TestWithParam<const char*> {};

TEST_P(FapiPrediction, HoldsForEachProfile) {
  const auto report = walk({"--emulated", "--firmware", GetParam()}, 0);
  int profiles = 0;
  for (const auto& result : report.at("results")) {
    const auto id = result.at("id").get<std::string>();
    if (!id.ends_with(".fits")) continue;
    ++profiles;
    const bool fits = result.at("verdict") == "pass";
    EXPECT_EQ(verdict_of(report, id.substr(0, id.rfind('.')) + ".sign") == "pass", fits) << id;
    if (!fits) {
      EXPECT_EQ(text(report, id, "layer"), "TPM") << id;
    }
  }
  EXPECT_GE(profiles, 3);
}

INSTANTIATE_TEST_SUITE_P(OfMeasuredFirmware, FapiPrediction,
                         ::testing::Values("amd-3.51.0.5", "amd-6.24.0.6", "intc-303.12.0.0",
                                           "ntc-7.2.2.0", "ifx-7.85.17.51968"));

class FapiWalkOnSwtpm : public ReportOnSwtpm {
 protected:
  json walk_on_it(Words more, int exit_code = 0) {
    more.insert(more.begin(), {"--tcti", swtpm_->tcti()});
    return walk(std::move(more), exit_code);
  }

  std::string handles() { return tool({"tpm2_getcap", "handles-persistent"}); }
};

TEST_F(FapiWalkOnSwtpm, LooksOnlyAndSaysWhatFits) {
  const auto before = tool({"tpm2_getcap", "properties-variable"});
  const auto report = walk_on_it({});
  EXPECT_EQ(verdict_of(report, "fapi.P_ECCP256SHA256.fits"), "pass");
  EXPECT_THAT(text(report, "fapi.P_ECCP256SHA256.fits", "actual"), HasSubstr("not provisioned"));
  EXPECT_EQ(verdict_of(report, "fapi.P_ECCP256SHA256.provision"), "none");
  EXPECT_EQ(verdict_of(report, "fapi.P_ECCP256SHA256.ek-certificate"), "unsupported");
  EXPECT_THAT(text(report, "fapi.config", "advice"), HasSubstr("ek_cert_less"));
  EXPECT_EQ(handles(), "");
  EXPECT_EQ(tool({"tpm2_getcap", "properties-variable"}), before);
}

TEST_F(FapiWalkOnSwtpm, TellsWhatIsInTheWay) {
  const std::string context = swtpm_->directory() / "srk";
  tool({"tpm2_createprimary", "-Q", "-C", "o", "-c", context});
  tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", context, "0x81000001"});
  tool({"tpm2_flushcontext", "-t"});
  tool({"tpm2_changeauth", "-c", "lockout", "secret"});
  const auto report = walk_on_it({}, 1);
  EXPECT_EQ(verdict_of(report, "fapi.ready"), "blocked");
  const auto before = handles();
  const auto why = text(report, "fapi.ready", "actual");
  EXPECT_THAT(why, HasSubstr("the lockout password is set"));
  EXPECT_THAT(why, HasSubstr("0x81000001 already holds a key"));
  // Nor is it provisioned over that key where it may be.
  const auto allowed = walk_on_it({"--provision"}, 1);
  EXPECT_EQ(verdict_of(allowed, "fapi.P_RSA2048SHA256.provision"), "none");
  EXPECT_EQ(verdict_of(allowed, "fapi.P_RSA2048SHA256.fits"), "pass");
  EXPECT_EQ(handles(), before);
}

TEST_F(FapiWalkOnSwtpm, ProvisionsWhereItIsAllowedAndTakesTheKeyAway) {
  const auto report = walk_on_it({"--provision"});
  EXPECT_EQ(verdict_of(report, "fapi.P_RSA2048SHA256.sign"), "pass");
  EXPECT_EQ(handles(), "");
}

TEST_F(FapiWalkOnSwtpm, ACertificateWithoutAnAddressOfItsIssuer) {
  install_ek_certificate(*swtpm_, "");
  const auto id = "fapi.P_RSA2048SHA256.ek-certificate";
  const auto looked = walk_on_it({});
  EXPECT_EQ(verdict_of(looked, id), "pass");
  EXPECT_THAT(text(looked, "fapi.config", "advice"),
              HasSubstr("\"profile_name\": \"P_RSA2048SHA256\","));
  const auto report = walk_on_it({"--provision"});
  EXPECT_EQ(text(report, id, "rc"), "0x60025");
  EXPECT_THAT(text(report, id, "explanation"),
              HasSubstr("does not say where its issuer's certificate"));
  // It is of RSA; whoever wants P-256 is told another thing with the same code.
  const auto other = "fapi.P_ECCP256SHA256.ek-certificate";
  EXPECT_EQ(text(report, other, "rc"), "0x60025");
  EXPECT_THAT(text(report, other, "explanation"),
              HasSubstr("no EK certificate for the type of key"));
}

TEST_F(FapiWalkOnSwtpm, ACertificateOfAnUnknownAuthority) {
  const IssuerServer issuer;
  install_ek_certificate(*swtpm_, issuer.address());
  const auto report = walk_on_it({"--provision"});
  const auto id = "fapi.P_RSA2048SHA256.ek-certificate";
  EXPECT_EQ(text(report, id, "rc"), "0x60001");
  EXPECT_THAT(text(report, id, "explanation"),
              HasSubstr("signed by an authority that tpm2-tss does not know"));
  EXPECT_THAT(text(report, "fapi.config", "advice"), HasSubstr("\"ek_cert_less\": \"yes\","));
}

TEST_F(FapiWalkOnSwtpm, OfALogOnlyTheLinesUpToTheCauseAreShown) {
  const auto report = walk_on_it({"--provision"});
  const auto lines = result_of(report, "fapi.P_ECCP256SHA256.ek-certificate").at("lines");
  ASSERT_FALSE(lines.empty());
  EXPECT_THAT(lines.back().get<std::string>(), HasSubstr("0x00060025"));
  EXPECT_THAT(lines.dump(), ::testing::Not(HasSubstr(":esys:")));
}

/// A folder of profiles with one of RSA-3072 beside that of RSA-2048.
class FapiProfileFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(profiles());
    const auto shipped = content_of("/etc/tpm2-tss/fapi-profiles/P_RSA2048SHA256.json");
    std::ofstream(profiles() / "P_RSA2048SHA256.json") << shipped;
    std::ofstream(profiles() / "P_RSA3072SHA384.json")
        << std::string(shipped).replace(shipped.find("2048"), 4, "3072");
    std::ofstream(folder_.path() / "fapi.json") << json{{"profile_dir", profiles().string()}};
  }

  [[nodiscard]] std::filesystem::path profiles() const { return folder_.path() / "profiles"; }

  [[nodiscard]] Environment environment() const {
    return {{"TSS2_FAPICONF", (folder_.path() / "fapi.json").string()},
            {"HOME", folder_.path().string()}};
  }

  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST_F(FapiProfileFolder, AProfileThatThisTss2CannotReadIsNamed) {
  const auto run = run_tpmprobe({"ssh", "--emulated", "--fapi", "--format", "json"}, environment());
  const auto report = validated_report(run.output);
  if (verdict_of(report, "fapi.profiles") == "pass") GTEST_SKIP() << "tss2 4.x reads 3072 bits";
  EXPECT_EQ(run.status.code, 1);
  EXPECT_EQ(text(report, "fapi.profiles", "layer"), "tss2");
  EXPECT_THAT(text(report, "fapi.profiles", "explanation"),
              HasSubstr("stops FAPI for every profile"));
  EXPECT_THAT(text(report, "fapi.profiles", "advice"), HasSubstr("Move the profile"));
  EXPECT_EQ(verdict_of(report, "fapi.P_RSA2048SHA256.sign"), "pass");  // alone it is fine
}

TEST_F(FapiProfileFolder, AnEmptyOneNamesThePackage) {
  std::filesystem::remove_all(profiles());
  const auto report = walk({"--emulated"}, 1, environment());
  EXPECT_EQ(verdict_of(report, "fapi.profiles"), "blocked");
  EXPECT_THAT(text(report, "fapi.profiles", "actual"),
              HasSubstr("no FAPI profiles in ~/profiles (package libtss2-fapi1)"));
}

TEST(FapiWalk, ProvisionNeedsFapi) {
  EXPECT_EQ(run_tpmprobe({"ssh", "--emulated", "--provision"}).status.code, 2);
}

}  // namespace
}  // namespace tpmprobe::suites
