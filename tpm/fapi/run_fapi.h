// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tpm/bytes.h"
#include "tpm/error.h"

namespace tpmprobe::tpm {

/// What FAPI is told to do once it is initialized (TCG FAPI specification, chapter 3).
enum class FapiAction : std::uint8_t {
  provision,   ///< Fapi_Provision: makes 0x81000001 persistent and sets the lockout parameters
  create_key,  ///< Fapi_CreateKey of a signing key with noDA below the SRK
  sign,        ///< Fapi_Sign with that key
  delete_all,  ///< Fapi_Delete of "/", the persistent key included
};

/// What to do with FAPI.
struct FapiPlan {
  std::filesystem::path config;     ///< for TSS2_FAPICONF; its directories are this run's own
  std::filesystem::path folder;     ///< private, for the log and the answers
  std::vector<FapiAction> actions;  ///< after Fapi_Initialize, which sends TPM2_GetCapability only
  Bytes digest;                     ///< to be signed
};

/// One call and what it answered.
struct FapiCall {
  std::string name;              ///< "Fapi_Provision"
  std::uint32_t rc = 0;          ///< TSS2_RC
  std::vector<std::string> log;  ///< what the library wrote meanwhile
};

/// What came of a run.
struct FapiOutcome {
  std::vector<FapiCall> calls;  ///< in their order; Fapi_Initialize is the first
  std::string public_key;       ///< PEM
  Bytes signature;              ///< DER for ECDSA

  /// The first call that failed; nullptr if all succeeded.
  [[nodiscard]] const FapiCall* failure() const;
  /// The first call of this name; nullptr if it never came to it.
  [[nodiscard]] const FapiCall* find(std::string_view name) const;
};

/// Initializes FAPI and carries the actions out. They end with the first that fails, but what was
/// provisioned is deleted all the same. Runs in a process of its own, as the library reads the
/// environment and logs to standard error. Errors: no_device if libtss2-fapi.so.1 is not installed;
/// timeout; io, also if a call ended the process.
Expected<FapiOutcome> run_fapi(const FapiPlan& plan);

}  // namespace tpmprobe::tpm
