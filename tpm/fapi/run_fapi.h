// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tpm/bytes.h"
#include "tpm/error.h"

namespace tpmprobe::tpm {

/// What to do with FAPI.
struct FapiPlan {
  std::filesystem::path config;  ///< for TSS2_FAPICONF; its directories are this run's own
  std::filesystem::path folder;  ///< private, for the log and the answers
  Bytes digest;                  ///< to be signed
};

/// One call and what it answered.
struct FapiCall {
  std::string name;      ///< "Fapi_Provision"
  std::uint32_t rc = 0;  ///< TSS2_RC
};

/// What came of a run. Calls end with the first that failed, but for Fapi_Delete.
struct FapiOutcome {
  std::vector<FapiCall> calls;
  std::string public_key;        ///< PEM
  Bytes signature;               ///< DER for ECDSA
  std::vector<std::string> log;  ///< what the library wrote

  /// The answer of this call; nullptr if it never came to it.
  [[nodiscard]] const FapiCall* find(std::string_view name) const;
};

/// Initializes FAPI, provisions, makes a signing key, signs, provisions again (to see that it is
/// refused), and deletes everything that it made. Runs in a process of its own, as the library
/// reads the environment, and logs to standard error. Errors: no_device if libtss2-fapi.so.1 is not
/// installed; timeout; io.
Expected<FapiOutcome> run_fapi(const FapiPlan& plan);

}  // namespace tpmprobe::tpm
