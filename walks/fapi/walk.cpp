// SPDX-License-Identifier: BSD-2-Clause
#include "walks/fapi/walk.h"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/tpm_facts.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "probes/judge.h"
#include "probes/verify/public_key.h"
#include "probes/verify/verify.h"
#include "tpm/commands/signing.h"
#include "tpm/digest.h"
#include "walks/fapi/runner.h"

namespace tpmprobe::walks {
namespace {

using Action = tpm::FapiAction;

constexpr std::uint32_t kUsualSrk = 0x81000001;

/// What became of a profile.
struct TriedProfile {
  const host::FapiProfile* profile = nullptr;
  bool fits = false;       ///< by what the TPM lists
  bool signs = false;      ///< it was provisioned, and OpenSSL verified a signature
  bool certified = false;  ///< FAPI finds and verifies an EK certificate, or there is one to try
};

class Walk {
 public:
  Walk(WayBench& bench, const FapiTarget& target) : bench_(bench), target_(target), fapi_(bench) {}

  void all() {
    const auto profiles = host::fapi_profiles(target_.profiles);
    if (!try_folder(profiles)) return;
    look_at_tpm(profiles);
    for (const auto& profile : profiles) {
      if (bench_.interrupted) return;
      tried_.push_back(try_profile(profile));
    }
    const auto* best = find_best();
    if (best == nullptr) return;
    if (provisions()) show_answers_that_are_none(*best->profile);
    tell_configuration(*best);
  }

 private:
  /// False if there is nothing to try.
  bool try_folder(const std::vector<host::FapiProfile>& profiles) {
    WayStep step(bench_, {.family = Family::fapi, .step = "profiles"},
                 "FAPI reads the profile folder as it is", "Fapi_Initialize succeeds");
    if (profiles.empty()) {
      step.block(fmt::format("there are no FAPI profiles in {} (package libtss2-fapi1)",
                             target_.profiles.string()));
      step.finish();
      return false;
    }
    const auto outcome = fapi_.run({profiles.front().name, target_.profiles}, {});
    if (!outcome) {
      step.block(outcome.error().message);
    } else if (const auto* failed = outcome->failure()) {
      judge_fapi(step, *failed);
    } else {
      step.pass("every profile in the folder can be read");
    }
    step.finish();
    return outcome.has_value();
  }

  /// FAPI asks nobody for a password here, and what is at its handle is somebody's.
  void look_at_tpm(const std::vector<host::FapiProfile>& profiles) {
    WayStep step(bench_, {.family = Family::fapi, .step = "ready"},
                 "Nothing in the TPM blocks Fapi_Provision",
                 "no hierarchy has a password, and the handle of the SRK is free");
    std::vector<std::string> obstacles, advice;
    for (const auto& hierarchy : target_.identity.hierarchies) {
      if (!hierarchy.auth_set.value_or(false)) continue;
      obstacles.push_back(
          fmt::format("the {} password is set, and FAPI needs to know it", hierarchy.name));
      advice = {
          "Give the passwords to tss2_provision (--authValueEh, --authValueSh, "
          "--authValueLockout)."};
    }
    const auto handle = profiles.front().srk_handle.value_or(kUsualSrk);
    const auto& persistent = bench_.capabilities.handles.persistent;
    is_free_ = !persistent || std::ranges::count(*persistent, handle) == 0;
    if (!is_free_) {
      obstacles.push_back(fmt::format(
          "{:#010x} already holds a key, and FAPI accepts only its own (0x6000b)", handle));
      advice.emplace_back("Set another handle in srk_template of the profile.");
    }
    if (obstacles.empty()) {
      step.pass(fmt::format("no password is set, and {:#010x} is free", handle));
    } else {
      step.block(fmt::format("{}", fmt::join(obstacles, "; ")));
      step.result().advice = fmt::format("{}", fmt::join(advice, " "));
    }
    step.finish();
  }

  /// Nothing is provisioned over somebody's key.
  [[nodiscard]] bool provisions() const { return target_.may_provision && is_free_; }

  TriedProfile try_profile(const host::FapiProfile& profile) {
    TriedProfile tried{&profile};
    tried.fits = fits(profile);
    if (provisions()) tried.signs = provision(profile) && sign(profile);
    if (tried.signs || (tried.fits && !provisions())) {
      tried.certified = provisions() ? verify_certificate(profile) : look_for_certificate(profile);
    }
    return tried;
  }

  WayStep begin(const host::FapiProfile& profile, std::string step, std::string_view title,
                std::string expected) {
    return {bench_,
            {.family = Family::fapi, .way = profile.name, .step = std::move(step)},
            fmt::format("{}: {}", profile.name, title),
            std::move(expected)};
  }

  [[nodiscard]] FapiSetting alone(const host::FapiProfile& profile, bool cert_less = true) const {
    return {profile.name, fapi_.alone(profile), cert_less};
  }

  /// What the lists of the TPM, and for the size of an RSA key TPM2_TestParms, have against it.
  std::vector<std::string> lacks(const host::FapiProfile& profile) {
    auto names = host::lacking(profile, bench_.capabilities);
    if (!profile.rsa || profile.key_bits == 0 || !names.empty()) return names;
    tpm::KeyTemplate key;
    key.type = tpm::KeyTemplate::Type::rsa;
    key.key_bits = profile.key_bits;
    const auto allowed = tpm::test_parms(target_.session, key);
    if (!allowed && probes::is_refusal(allowed.error())) {
      names.push_back(fmt::format("RSA-{}", profile.key_bits));
    }
    return names;
  }

  bool fits(const host::FapiProfile& profile) {
    auto step =
        begin(profile, "fits", "FAPI reads the profile, and the TPM lists everything that it needs",
              "Fapi_Initialize succeeds, and nothing is missing");
    const auto outcome = fapi_.run(alone(profile), {});
    const auto missing = lacks(profile);
    if (!outcome) {
      step.block(outcome.error().message);
    } else if (const auto* failed = outcome->failure()) {
      judge_fapi(step, *failed);
    } else if (!missing.empty()) {
      step.result().verdict = Verdict::unsupported;
      step.result().layer = "TPM";
      step.result().actual = fmt::format("the TPM does not list {}", fmt::join(missing, ", "));
    } else {
      step.pass(provisions() ? "the TPM lists everything that it needs"
                             : "the TPM lists everything that it needs; not provisioned, because "
                               "that makes a key persistent and sets the lockout parameters");
    }
    return step.finish();
  }

  bool provision(const host::FapiProfile& profile) {
    auto step = begin(profile, "provision", "FAPI provisions the TPM", "Fapi_Provision succeeds");
    digest_ = tpm::digest(profile.hash, Bytes{'t', 'p', 'm', 'p', 'r', 'o', 'b', 'e'});
    outcome_ = fapi_.run(alone(profile),
                         {Action::provision, Action::create_key, Action::sign, Action::delete_all},
                         digest_);
    if (!outcome_) {
      step.block(outcome_.error().message);
    } else if (const auto* failed = failure_of({"Fapi_Initialize", "Fapi_Provision"})) {
      judge_fapi(step, *failed);
    } else if (const auto* deleted = outcome_->find("Fapi_Delete");
               deleted == nullptr || deleted->rc != 0) {
      if (deleted != nullptr) judge_fapi(step, *deleted);
      step.result().verdict = Verdict::fail;
      step.result().actual = "what FAPI created could not be deleted: its SRK is still in the TPM";
    } else {
      step.pass("provisioned, and everything deleted again");
    }
    return step.finish();
  }

  [[nodiscard]] const tpm::FapiCall* failure_of(
      std::initializer_list<std::string_view> names) const {
    const auto* failed = outcome_->failure();
    return failed != nullptr && std::ranges::count(names, failed->name) > 0 ? failed : nullptr;
  }

  bool sign(const host::FapiProfile& profile) {
    auto step = begin(profile, "sign", "FAPI creates a key and signs",
                      "OpenSSL verifies the output of Fapi_Sign");
    if (const auto* failed = failure_of({"Fapi_CreateKey", "Fapi_Sign"})) {
      judge_fapi(step, *failed);
    } else {
      judge_signature(profile, step);
    }
    return step.finish();
  }

  void judge_signature(const host::FapiProfile& profile, WayStep& step) const {
    const auto key = probes::public_key_from_pem(outcome_->public_key);
    Expected<tpm::Signature> signature = tpm::Signature{};
    if (profile.rsa) {
      signature->algorithm = std::ranges::count(profile.algorithms, knowledge::alg::kRsapss) > 0
                                 ? knowledge::alg::kRsapss
                                 : knowledge::alg::kRsassa;
      signature->hash = profile.hash;
      signature->rsa = outcome_->signature;
    } else {
      signature = probes::ecdsa_from_der(outcome_->signature, profile.hash);
    }
    if (!key || !signature) {
      return step.fail("FAPI", "Fapi_Sign did not return a readable key and signature");
    }
    const auto verified = probes::verify_signature(*key, *signature, digest_);
    if (!verified.valid) return step.fail("FAPI", "the signature is wrong: " + verified.why);
    step.result().verified_by = {verified.by};
    step.pass("OpenSSL verifies the signature");
  }

  /// Without ek_cert_less FAPI wants a certificate of the TPM's maker for its endorsement key.
  bool verify_certificate(const host::FapiProfile& profile) {
    auto step = begin(profile, "ek-certificate", "FAPI finds and verifies an EK certificate",
                      "Fapi_Provision succeeds without ek_cert_less");
    const auto outcome = fapi_.run(alone(profile, false), {Action::provision, Action::delete_all});
    if (!outcome) {
      step.block(outcome.error().message);
    } else if (const auto* failed = outcome->failure()) {
      judge_fapi(step, *failed);
      step.result().verdict = Verdict::unsupported;  // many TPMs have none, and keys do without
    } else {
      step.pass("the EK certificate exists and is verified");
    }
    return step.finish();
  }

  /// Whether FAPI would verify it is not tried: it would fetch the issuer's from the network.
  bool look_for_certificate(const host::FapiProfile& profile) {
    auto step = begin(profile, "ek-certificate",
                      "The TPM has an EK certificate for this type of key", "its NV index exists");
    const auto known =
        std::ranges::find_if(doctor::kEkCertificates, [&](const doctor::EkCertificate& kind) {
          return profile.name.find(kind.kind) != std::string::npos;
        });
    const auto& indices = bench_.capabilities.handles.nv_index;
    if (known == doctor::kEkCertificates.end() || !indices) {
      step.block("it is unknown where the certificate for this type of key would be");
    } else if (std::ranges::count(*indices, known->nv_index) > 0) {
      step.pass(fmt::format("there is one at {:#010x}", known->nv_index));
    } else {
      step.result().verdict = Verdict::unsupported;
      step.result().layer = "TPM";
      step.result().actual = fmt::format("there is none at {:#010x}", known->nv_index);
    }
    return step.finish();
  }

  /// A profile with a certificate before one without.
  [[nodiscard]] const TriedProfile* find_best() const {
    const TriedProfile* best = nullptr;
    for (const auto& tried : tried_) {
      const bool good = provisions() ? tried.signs : tried.fits;
      if (good && (best == nullptr || (tried.certified && !best->certified))) best = &tried;
    }
    return best;
  }

  /// Two answers that people take for failures: a key before tss2_provision, and it run twice.
  void show_answers_that_are_none(const host::FapiProfile& profile) {
    show_answer("unprovisioned", "FAPI says that it is not provisioned", 0x60034,
                fapi_.run(alone(profile), {Action::create_key}));
    show_answer(
        "twice", "FAPI says that it is already provisioned", 0x60035,
        fapi_.run(alone(profile), {Action::provision, Action::provision, Action::delete_all}));
  }

  void show_answer(std::string name, std::string title, std::uint32_t code,
                   const Expected<tpm::FapiOutcome>& outcome) {
    WayStep step(bench_, {.family = Family::fapi, .step = std::move(name)}, std::move(title),
                 fmt::format("the response code is {:#x}", code));
    const auto* answer = outcome ? outcome->failure() : nullptr;
    if (answer == nullptr) {
      step.block(outcome ? "FAPI did not refuse" : outcome.error().message);
    } else if (answer->rc == code) {
      step.pass(fmt::format("{} answered {:#x}", answer->name, code));
    } else {
      judge_fapi(step, *answer);
    }
    step.finish();
  }

  void tell_configuration(const TriedProfile& best) {
    WayStep step(bench_, {.family = Family::fapi, .step = "config"},
                 "Which FAPI configuration works with this TPM", "a profile that works on it");
    const auto lines = fmt::format("\"profile_name\": \"{}\",{}", best.profile->name,
                                   best.certified ? "" : " \"ek_cert_less\": \"yes\",");
    step.pass("in fapi-config.json: " + lines);
    step.result().advice = lines;
    step.finish();
  }

  WayBench& bench_;
  const FapiTarget& target_;
  FapiRunner fapi_;
  std::vector<TriedProfile> tried_;
  bool is_free_ = true;  // the handle of the SRK
  Bytes digest_;
  Expected<tpm::FapiOutcome> outcome_;  // of the profile under way
};

}  // namespace

void walk_fapi(WayBench& bench, const FapiTarget& target) {
  Walk(bench, target).all();
}

}  // namespace tpmprobe::walks
