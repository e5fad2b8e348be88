// SPDX-License-Identifier: BSD-2-Clause
#include "probes/fapi/profile.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "probes/fapi/relaxed_json.h"
#include "probes/needs.h"

namespace tpmprobe::probes {
namespace {

using nlohmann::json;

/// FAPI takes numbers as such and as strings.
std::uint16_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  if (found->is_number_unsigned()) return found->get<std::uint16_t>();
  return static_cast<std::uint16_t>(std::strtoul(text_of(object, key).c_str(), nullptr, 0));
}

void need(FapiProfile& profile, const json& value) {
  const auto* known =
      value.is_string() ? knowledge::find_algorithm(value.get<std::string>()) : nullptr;
  if (known == nullptr || std::ranges::count(profile.algorithms, known->id) > 0) return;
  profile.algorithms.push_back(known->id);
}

/// Every algorithm that is named below `value`, whatever the key: schemes, their hashes, modes.
void need_all(FapiProfile& profile, const json& value) {
  if (value.is_structured()) {
    for (const auto& part : value) need_all(profile, part);
  } else {
    need(profile, value);
  }
}

bool selects_any(const json& bank) {
  const auto selected = bank.find("pcrSelect");
  return selected != bank.end() && !selected->empty();
}

void read_banks(const json& object, FapiProfile& profile) {
  for (const auto& bank : object.value("pcr_selection", json::array())) {
    const auto* hash = bank.is_object() && selects_any(bank)
                           ? knowledge::find_algorithm(text_of(bank, "hash"))
                           : nullptr;
    if (hash != nullptr) profile.pcr_banks.push_back(hash->id);
  }
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// The PCR bank stays: whether the TPM has one of SHA-384 is another question.
std::optional<FapiProfile> p384_after(const FapiProfile& p256) {
  const auto banks = p256.text.find("\"pcr_selection\"");
  if (banks == std::string::npos) return std::nullopt;
  return read_fapi_profile(
      "P_ECCP384SHA384",
      replaced(replaced(p256.text.substr(0, banks), "SHA256", "SHA384") + p256.text.substr(banks),
               "NIST_P256", "NIST_P384"));
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return std::move(text).str();
}

bool has_bank(const knowledge::Capabilities& capabilities, std::uint16_t hash) {
  return std::ranges::any_of(*capabilities.pcr_banks, [&](const knowledge::PcrBank& bank) {
    return bank.hash == hash && std::ranges::any_of(bank.select, [](auto octet) { return octet; });
  });
}

}  // namespace

std::optional<std::uint32_t> handle_in_template(std::string_view words) {
  constexpr std::string_view kPersistent = "0x81";
  const auto at = words.find(kPersistent);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint32_t handle = 0;
  constexpr int kHexadecimal = 16;
  const auto read =
      std::from_chars(words.data() + at + 2, words.data() + words.size(), handle, kHexadecimal);
  return read.ec == std::errc{} ? std::optional(handle) : std::nullopt;
}

std::optional<FapiProfile> read_fapi_profile(std::string name, std::string text) {
  const auto object = parse_relaxed_json(text);
  if (!object.is_object()) return std::nullopt;
  const auto* type = knowledge::find_algorithm(text_of(object, "type"));
  const auto* hash = knowledge::find_algorithm(text_of(object, "nameAlg"));
  if (type == nullptr || hash == nullptr) return std::nullopt;
  FapiProfile profile;
  profile.name = std::move(name);
  profile.text = std::move(text);
  profile.rsa = type->id == knowledge::alg::kRsa;
  profile.hash = hash->id;
  profile.algorithms = {type->id, hash->id};
  const auto* scheme = profile.rsa ? "rsa_signing_scheme" : "ecc_signing_scheme";
  for (const auto* part : {scheme, "sym_mode", "sym_parameters"}) {
    if (object.contains(part)) need_all(profile, object[part]);
  }
  profile.key_bits = number_of(object, "keyBits");
  if (const auto* curve = knowledge::find_curve(text_of(object, "curveID"))) {
    profile.curve = curve->id;
  }
  read_banks(object, profile);
  profile.srk_handle = handle_in_template(text_of(object, "srk_template"));
  return profile;
}

std::vector<FapiProfile> fapi_profiles(const std::filesystem::path& folder) {
  std::vector<FapiProfile> profiles;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".json") continue;
    auto profile = read_fapi_profile(entry.path().stem(), content_of(entry.path()));
    if (profile) profiles.push_back(std::move(*profile));
  }
  std::ranges::sort(profiles, {}, &FapiProfile::name);
  const auto p256 = std::ranges::find(profiles, "P_ECCP256SHA256", &FapiProfile::name);
  if (p256 == profiles.end() ||
      std::ranges::count(profiles, "P_ECCP384SHA384", &FapiProfile::name) > 0) {
    return profiles;
  }
  if (auto p384 = p384_after(*p256)) profiles.insert(p256 + 1, std::move(*p384));
  return profiles;
}

std::vector<std::string> lacking(const FapiProfile& profile,
                                 const knowledge::Capabilities& capabilities) {
  Needs needs;
  needs.algorithms = profile.algorithms;
  needs.curve = profile.curve;
  auto names = missing(needs, capabilities);
  for (const auto hash : profile.pcr_banks) {
    if (!capabilities.pcr_banks || has_bank(capabilities, hash)) continue;
    names.push_back(fmt::format("PCR bank {}", knowledge::find_algorithm(hash)->title));
  }
  return names;
}

}  // namespace tpmprobe::probes
