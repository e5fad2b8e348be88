// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/certificate.h"
#include "knowledge/capabilities.h"
#include "result/result.h"

namespace tpmprobe::doctor {

/// A persistent object, from TPM2_ReadPublic. Both in hex.
struct PersistentObject {
  std::string name;
  std::string form;  ///< its template, as far as it is seen (tpm::PublicForm)
};

/// An NV index that holds a certificate of an endorsement key.
struct EkCertificateFacts {
  std::uint32_t nv_index = 0;
  std::optional<host::CertificateFacts> certificate;
  std::string unread;  ///< why there is no certificate, one clause
};

/// What was read from the TPM, without changing anything in it.
struct TpmFacts {
  std::optional<std::string> unreachable;  ///< why nothing could be read, one clause
  bool asleep = false;                     ///< it answers TPM_RC_INITIALIZE: nobody started it
  bool failed = false;                     ///< it is in failure mode (Part 1, 12.2.3.5)
  knowledge::Capabilities capabilities;
  Identity identity;
  /// Seconds with power since the last clear (TPMS_CLOCK_INFO, Part 2, 10.11.1).
  std::optional<std::uint64_t> clock_s;
  std::optional<std::uint32_t> test_result;              ///< TPM_RC of TPM2_GetTestResult
  std::map<std::uint32_t, PersistentObject> persistent;  ///< by handle
  std::size_t own_objects = 0;  ///< loaded ones with the marker of tpmprobe
  std::vector<EkCertificateFacts> ek_certificates;
};

}  // namespace tpmprobe::doctor
