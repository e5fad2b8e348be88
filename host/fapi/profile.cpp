// SPDX-License-Identifier: BSD-2-Clause
#include "host/fapi/profile.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "probes/probe.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::host {
namespace {

/// The index of the quotation mark that ends the string which begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (++at < text.size() && text[at] != '"') {
    if (text[at] == '\\') ++at;
  }
  return at;
}

bool stands_before_bracket(std::string_view text, std::size_t comma) {
  const auto next = text.find_first_not_of(" \t\r\n", comma + 1);
  return next != std::string_view::npos && (text[next] == '}' || text[next] == ']');
}

std::string without_trailing_commas(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      const auto end = end_of_string(text, at);
      kept += text.substr(at, end - at + 1);
      at = end;
    } else if (text[at] != ',' || !stands_before_bracket(text, at)) {
      kept += text[at];
    }
  }
  return kept;
}

}  // namespace

nlohmann::json parse_relaxed_json(std::string_view text) {
  return nlohmann::json::parse(without_trailing_commas(text), nullptr, false, true);
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

namespace {

using nlohmann::json;

/// FAPI takes numbers as such and as strings.
std::uint16_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  const auto value = found->is_number_unsigned()
                         ? found->get<std::uint64_t>()
                         : std::strtoul(text_of(object, key).c_str(), nullptr, 0);
  constexpr std::uint64_t kLargest = 0xffff;
  return value <= kLargest ? static_cast<std::uint16_t>(value) : std::uint16_t{0};
}

void need(FapiProfile& profile, const json& value) {
  const auto* known =
      value.is_string() ? knowledge::find_algorithm(value.get<std::string>()) : nullptr;
  if (known == nullptr || std::ranges::count(profile.algorithms, known->id) > 0) return;
  profile.algorithms.push_back(known->id);
}

/// Every algorithm that is named below `value`, whatever the key: schemes, their hashes, modes.
void need_all(FapiProfile& profile, const json& value, int depth = 0) {
  constexpr int kDeepest = 8;  // of a profile that makes sense: 3
  if (depth > kDeepest) return;
  if (value.is_structured()) {
    for (const auto& part : value) need_all(profile, part, depth + 1);
  } else {
    need(profile, value);
  }
}

bool selects_any(const json& bank) {
  const auto selected = bank.find("pcrSelect");
  return selected != bank.end() && !selected->empty();
}

void read_banks(const json& object, FapiProfile& profile) {
  const auto banks = object.find("pcr_selection");
  if (banks == object.end() || !banks->is_array()) return;
  for (const auto& bank : *banks) {
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

/// Files with the ending and a name that FAPI's paths can have; no pipe or device, nothing large.
bool is_profile_file(const std::filesystem::path& file) {
  constexpr std::uintmax_t kLargest = std::uintmax_t{1} << 20U;
  constexpr std::string_view kFine =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  std::error_code error;
  return file.extension() == ".json" &&
         file.filename().native().find_first_not_of(kFine) == std::string::npos &&
         std::filesystem::is_regular_file(file, error) &&
         std::filesystem::file_size(file, error) <= kLargest;
}

std::vector<std::filesystem::path> profile_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (is_profile_file(entry->path())) files.push_back(entry->path());
  }
  return files;
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
  for (const auto& file : profile_files(folder)) {
    auto profile = read_fapi_profile(file.stem(), tpm::whole_file(file));
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
  probes::Needs needs;
  needs.algorithms = profile.algorithms;
  needs.curve = profile.curve;
  auto names = probes::missing(needs, capabilities);
  for (const auto hash : profile.pcr_banks) {
    if (!capabilities.pcr_banks || has_bank(capabilities, hash)) continue;
    names.push_back(fmt::format("PCR bank {}", knowledge::find_algorithm(hash)->title));
  }
  return names;
}

}  // namespace tpmprobe::host
