// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tpmprobe::knowledge {

/// What an algorithm is for.
enum class AlgorithmKind : std::uint8_t {
  null,
  asymmetric,
  symmetric,
  mode,  ///< of a block cipher
  hash,
  extendable_output,
  mac,
  keyed_hash_scheme,
  signature_scheme,
  encryption_scheme,
  key_exchange,
  key_derivation,
  object,  ///< an object type only: keyedhash, symcipher
};

/// One TPM_ALG_ID (TCG Algorithm Registry), from algorithms.json.
struct AlgorithmInfo {
  std::uint16_t id = 0;
  std::string_view name;   ///< as the projects write it: "sha384", "rsassa"
  std::string_view title;  ///< for people: "SHA-384", "RSASSA-PKCS1-v1_5"
  AlgorithmKind kind = AlgorithmKind::null;
  std::uint16_t digest_size = 0;  ///< octets; 0 if it is no hash
  std::span<const std::string_view> aliases;
};

/// One TPM_ECC_CURVE (TCG Algorithm Registry), from algorithms.json.
struct CurveInfo {
  std::uint16_t id = 0;
  std::string_view name;         ///< as in ids of probes: "p384", "bn256"
  std::string_view symbol;       ///< "TPM_ECC_NIST_P384"
  std::string_view short_title;  ///< "P-384"
  std::string_view title;        ///< "NIST P-384"
  std::uint16_t bits = 0;        ///< of the field
  std::span<const std::string_view> aliases;
};

/// All algorithms, by ascending id.
std::span<const AlgorithmInfo> algorithms();

/// All curves, by ascending id.
std::span<const CurveInfo> curves();

/// The algorithm with this TPM_ALG_ID, or null.
const AlgorithmInfo* find_algorithm(std::uint16_t id);

/// The algorithm of this name in any spelling: "sha384", "SHA-384", "TPM_ALG_SHA384",
/// "TPM2_ALG_SHA384"; case is ignored. Null if there is none.
const AlgorithmInfo* find_algorithm(std::string_view name);

/// The curve with this TPM_ECC_CURVE, or null.
const CurveInfo* find_curve(std::uint16_t id);

/// The curve of this name in any spelling: "p384", "P-384", "NIST P-384", "nistp384", "ecc384",
/// "NIST_P384", "TPM2_ECC_NIST_P384"; case is ignored. Null if there is none.
const CurveInfo* find_curve(std::string_view name);

/// The name of an algorithm, its number as "0x00ff" if it has none.
std::string algorithm_name(std::uint16_t id);

/// The name of a curve, its number as "0x00ff" if it has none.
std::string curve_name(std::uint16_t id);

/// The words of a TPMA_ALGORITHM (Part 2, 8.2): "asymmetric signing".
std::string algorithm_attributes(std::uint32_t attributes);

}  // namespace tpmprobe::knowledge
