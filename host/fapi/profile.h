// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "knowledge/capabilities.h"

namespace tpmprobe::host {

/// A JSON text as json-c reads it, with which FAPI reads its configuration and its profiles:
/// comments and commas before a closing bracket are forgiven, and the shipped profiles have such
/// commas. The value `is_discarded()` if it cannot be read even so.
nlohmann::json parse_relaxed_json(std::string_view text);

/// A member that is a string; empty if there is none.
std::string text_of(const nlohmann::json& object, const char* name);

/// A cryptographic profile of FAPI, as far as a TPM decides whether it fits (TCG FAPI
/// specification, 3.6; tpm2-tss doc/fapi-profile.md).
struct FapiProfile {
  std::string name;  ///< of its file, "P_ECCP256SHA256"
  std::string text;  ///< the file
  bool rsa = false;
  std::uint16_t key_bits = 0;               ///< of an RSA key; 0 if the profile does not say
  std::optional<std::uint16_t> curve;       ///< TPM_ECC_CURVE of an ECC key
  std::uint16_t hash = 0;                   ///< of Names and, in shipped profiles, of signatures
  std::vector<std::uint16_t> algorithms;    ///< TPM_ALG_ID that it needs, each once
  std::vector<std::uint16_t> pcr_banks;     ///< hashes of the banks from which it selects PCRs
  std::optional<std::uint32_t> srk_handle;  ///< where the SRK is made persistent
};

/// The persistent handle among the words of a template: "system,restricted,decrypt,0x81000001".
std::optional<std::uint32_t> handle_in_template(std::string_view words);

/// Reads one; nullopt if the text is no JSON object or names no key type.
std::optional<FapiProfile> read_fapi_profile(std::string name, std::string text);

/// Those in the folder, by name, files that cannot be read left out; with one of P-384 after
/// P_ECCP256SHA256 where none is shipped, as tpm2-tss before 4.0 ships none.
std::vector<FapiProfile> fapi_profiles(const std::filesystem::path& folder);

/// What the TPM does not list of all that the profile needs: "curve P-384", "PCR bank SHA-256".
/// A list that could not be read says nothing.
std::vector<std::string> lacking(const FapiProfile& profile,
                                 const knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::host
