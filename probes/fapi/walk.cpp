// SPDX-License-Identifier: BSD-2-Clause
#include "probes/fapi/walk.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "knowledge/algorithm_ids.h"
#include "probes/fapi/faults.h"
#include "tpm/digest.h"
#include "tpm/fapi/run_fapi.h"

namespace tpmprobe::probes {
namespace {

using nlohmann::json;

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return std::move(text).str();
}

/// Name and text of each profile.
std::map<std::string, std::string> read_profiles(const std::filesystem::path& folder) {
  std::map<std::string, std::string> profiles;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") {
      profiles[entry.path().stem()] = content_of(entry.path());
    }
  }
  return profiles;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// tss2 3.x ships no profile for P-384.
void add_p384(std::map<std::string, std::string>& profiles) {
  const auto p256 = profiles.find("P_ECCP256SHA256");
  if (p256 == profiles.end() || profiles.contains("P_ECCP384SHA384")) return;
  // The PCR bank stays: whether the TPM has one of SHA-384 is another question.
  const auto banks = p256->second.find("\"pcr_selection\"");
  if (banks == std::string::npos) return;
  profiles["P_ECCP384SHA384"] = replaced(
      replaced(p256->second.substr(0, banks), "SHA256", "SHA384") + p256->second.substr(banks),
      "NIST_P256", "NIST_P384");
}

bool has_sha384(const std::string& name) {
  return name.find("SHA384") != std::string::npos;
}

/// OpenSSL's verdict on a signature of a digest.
bool is_valid(const tpm::FapiOutcome& outcome, const Bytes& digest, bool sha384, bool pss) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(outcome.public_key.data(), static_cast<int>(outcome.public_key.size())),
      BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) return false;
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  if (EVP_PKEY_verify_init(context.get()) != 1) return false;
  if (EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA) {
    EVP_PKEY_CTX_set_rsa_padding(context.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
  }
  EVP_PKEY_CTX_set_signature_md(context.get(), sha384 ? EVP_sha384() : EVP_sha256());
  return EVP_PKEY_verify(context.get(), outcome.signature.data(), outcome.signature.size(),
                         digest.data(), digest.size()) == 1;
}

class Walk {
 public:
  Walk(WayBench& bench, std::filesystem::path profiles)
      : bench_(bench), shipped_(std::move(profiles)) {}

  void all() {
    auto profiles = read_profiles(shipped_);
    add_p384(profiles);
    for (const auto& [name, text] : profiles) {
      if (bench_.interrupted) return;
      try_profile(name, text);
    }
    try_folder();
    if (!good_.empty()) {
      try_certificate();
      tell_configuration();
    }
  }

 private:
  /// A configuration with nothing of the system's but the profiles.
  std::filesystem::path write_config(const std::string& profile,
                                     const std::filesystem::path& profiles, bool cert_less) {
    const auto home = bench_.folder / fmt::format("fapi-{}", ++number_);
    for (const auto* part : {"user", "system", "log"}) {
      std::filesystem::create_directories(home / part);
    }
    json config{{"profile_name", profile},
                {"profile_dir", profiles.string() + "/"},
                {"user_dir", (home / "user/").string()},
                {"system_dir", (home / "system/").string()},
                {"log_dir", (home / "log/").string()},
                {"tcti", bench_.tcti},
                {"system_pcrs", json::array()}};
    if (cert_less) config["ek_cert_less"] = "yes";
    std::ofstream(home / "config.json") << config.dump(2);
    return home / "config.json";
  }

  Expected<tpm::FapiOutcome> run(const std::filesystem::path& config, const Bytes& digest) {
    return tpm::run_fapi({config, bench_.folder, digest});
  }

  /// What the log and the code tell of a call that failed.
  static void judge(WayStep& step, const tpm::FapiCall& call, const std::vector<std::string>& log) {
    const auto fault = recognise_fapi(call.rc, log);
    for (const auto& line : log) {
      step.add_lines(line);
      if (fault && line == fault->line) break;  // those after it mislead
    }
    step.fail("FAPI", fmt::format("{} answered {:#x}", call.name, call.rc));
    Result& result = step.result();
    // Nothing on the wire was bad, and no other program took part.
    if (!result.rc && result.layer != "tpmprobe") {
      result.layer = "tss2";
      result.rc = call.rc;
      result.actual = fmt::format("{} answered {:#x} (layer: tss2)", call.name, call.rc);
    }
    if (!fault) return;
    result.cause = std::string(fault->cause);
    result.advice = std::string(fault->advice);
  }

  void try_profile(const std::string& name, const std::string& text) {
    const auto alone = bench_.folder / ("profile-" + name);
    std::filesystem::create_directories(alone);
    std::ofstream(alone / (name + ".json")) << text;
    const auto hash = has_sha384(name) ? knowledge::alg::kSha384 : knowledge::alg::kSha256;
    const auto digest = tpm::digest(hash, Bytes{'t', 'p', 'm', 'p', 'r', 'o', 'b', 'e'});
    WayStep provision(bench_, fmt::format("fapi.{}.provision", name),
                      fmt::format("FAPI provisions with {}", name), "Fapi_Provision succeeds");
    const auto outcome = run(write_config(name, alone, true), digest);
    if (!outcome) {
      provision.block(outcome.error().message);
      provision.finish();
      return;
    }
    const auto* bad = first_failure(*outcome, {"Fapi_Initialize", "Fapi_Provision"});
    if (bad != nullptr) {
      judge(provision, *bad, outcome->log);
    } else {
      provision.pass("provisioned, and the key store is deleted again");
    }
    if (!provision.finish()) return;
    judge_signature(name, *outcome, digest, text.find("RSAPSS") != std::string::npos);
  }

  static const tpm::FapiCall* first_failure(const tpm::FapiOutcome& outcome,
                                            std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
      const auto* call = outcome.find(name);
      if (call != nullptr && call->rc != 0) return call;
    }
    return nullptr;
  }

  void judge_signature(const std::string& name, const tpm::FapiOutcome& outcome,
                       const Bytes& digest, bool pss) {
    WayStep step(bench_, fmt::format("fapi.{}.sign", name),
                 fmt::format("FAPI signs with a key of {}", name),
                 "OpenSSL verifies what Fapi_Sign gives");
    if (const auto* bad = first_failure(outcome, {"Fapi_CreateKey", "Fapi_Sign"})) {
      judge(step, *bad, outcome.log);
    } else if (is_valid(outcome, digest, has_sha384(name), pss)) {
      step.result().verified_by = {"OpenSSL"};
      step.pass("OpenSSL verifies the signature");
      good_.push_back(name);
    } else {
      step.fail("FAPI", "OpenSSL refuses the signature");
    }
    step.finish();
  }

  /// Of a folder FAPI reads every file, whichever profile is wanted.
  void try_folder() {
    WayStep step(bench_, "fapi.profiles", "FAPI reads the folder of profiles as it is",
                 "Fapi_Initialize succeeds");
    const auto names = read_profiles(shipped_);
    if (names.empty()) {
      step.block("there are no FAPI profiles (package libtss2-fapi1)");
      step.finish();
      return;
    }
    const auto outcome = run(write_config(names.begin()->first, shipped_, true), Bytes(32));
    const auto* begun = outcome ? outcome->find("Fapi_Initialize") : nullptr;
    if (begun == nullptr) {
      step.block(outcome ? "FAPI gave no answer" : outcome.error().message);
    } else if (begun->rc != 0) {
      judge(step, *begun, outcome->log);
    } else {
      step.pass(fmt::format("all {} profiles can be read", names.size()));
    }
    step.finish();
  }

  /// Without it FAPI wants a certificate of the TPM's maker for its endorsement key.
  void try_certificate() {
    WayStep step(bench_, "fapi.ek-certificate",
                 fmt::format("FAPI finds and verifies an EK certificate for {}", good_.front()),
                 "Fapi_Provision succeeds without ek_cert_less");
    const auto outcome =
        run(write_config(good_.front(), bench_.folder / ("profile-" + good_.front()), false),
            Bytes(32));
    const auto* bad =
        outcome ? first_failure(*outcome, {"Fapi_Initialize", "Fapi_Provision"}) : nullptr;
    certified_ = outcome && bad == nullptr;
    if (bad != nullptr) {
      judge(step, *bad, outcome->log);
      step.result().verdict = Verdict::unsupported;  // many TPMs have none, and keys do without
    } else if (outcome) {
      step.pass("the EK certificate is there and verified");
    } else {
      step.block(outcome.error().message);
    }
    step.finish();
  }

  void tell_configuration() {
    WayStep step(bench_, "fapi.config", "Which configuration of FAPI fits this TPM",
                 "a profile that provisions and signs");
    const auto lines = fmt::format("\"profile_name\": \"{}\",{}", good_.front(),
                                   certified_ ? "" : " \"ek_cert_less\": \"yes\",");
    step.pass("in fapi-config.json: " + lines);
    step.result().advice = lines;
    step.finish();
  }

  WayBench& bench_;
  std::filesystem::path shipped_;
  std::vector<std::string> good_;
  bool certified_ = false;
  int number_ = 0;
};

}  // namespace

std::filesystem::path fapi_profile_folder() {
  const char* said = std::getenv("TSS2_FAPICONF");
  const auto config = json::parse(
      content_of(said != nullptr ? said : "/etc/tpm2-tss/fapi-config.json"), nullptr, false);
  if (!config.is_object() || !config.contains("profile_dir")) return {};
  const auto& folder = config["profile_dir"];
  return folder.is_string() ? std::filesystem::path(folder.get<std::string>())
                            : std::filesystem::path();
}

void walk_fapi(WayBench& bench, const std::filesystem::path& profiles, bool may_write) {
  if (may_write) return Walk(bench, profiles).all();
  for (const auto& [name, text] : read_profiles(profiles)) {
    WayStep step(bench, fmt::format("fapi.{}.provision", name),
                 fmt::format("FAPI provisions with {}", name), "Fapi_Provision succeeds");
    step.block(
        "only with --emulated: it would make a key persistent at 0x81000001 and set the lockout "
        "parameters");
    step.finish();
  }
}

}  // namespace tpmprobe::probes
