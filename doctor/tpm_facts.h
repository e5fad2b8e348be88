// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/certificate.h"
#include "knowledge/capabilities.h"
#include "result/result.h"
#include "tpm/session.h"

namespace tpmprobe::doctor {

/// A kind of endorsement key, and where its certificate is in NV memory (TCG EK Credential Profile,
/// 2.2.1.4 and 2.2.1.5).
struct EkCertificate {
  std::string_view kind;  ///< as in the names of FAPI's profiles
  std::uint32_t nv_index;
};

inline constexpr std::array kEkCertificates{
    EkCertificate{"RSA2048", 0x01c00002}, EkCertificate{"ECCP256", 0x01c0000a},
    EkCertificate{"ECCP384", 0x01c00016}, EkCertificate{"RSA3072", 0x01c0001c}};

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

/// Whether the TPM has this NV index.
inline bool has_nv_index(const TpmFacts& tpm, std::uint32_t index) {
  const auto& list = tpm.capabilities.handles.nv_index;
  return list && std::ranges::find(*list, index) != list->end();
}

/// Reads the EK certificates whose indices are in `facts` (capabilities, hierarchies), each by an
/// empty password whose failure would not count towards lockout; one that has none stays unread.
std::vector<EkCertificateFacts> read_ek_certificates(tpm::Session& session, const TpmFacts& facts);

/// Asks a TPM what the doctor looks at, by TPM2_GetCapability, ReadClock, GetTestResult,
/// ReadPublic, NV_ReadPublic and NV_Read (of EK certificates) only. One that was never started is
/// not started.
TpmFacts read_tpm_facts(tpm::Session& session);

}  // namespace tpmprobe::doctor
