// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_tpm2_types.h>

#include "tpm/error.h"
#include "tpm/key.h"
#include "tpm/object.h"

namespace tpmprobe::tpm {

/// The object that `command` just put into the TPM, with all that is needed to use it later: its
/// TPM handle, and the ESYS metadata in a form that outlives the ESYS context. `area` is its public
/// area. Errors: `tss` if ESYS does not give these, `malformed` if the area is of no asymmetric
/// key; on `tss` the object stays in the TPM, where the guard knows it.
Expected<Object> own_object(const std::shared_ptr<EsysLink>& link, std::uint32_t command,
                            ESYS_TR tr, const TPM2B_PUBLIC& area);

/// The octets of a TPM2B, whatever its field is called.
template <typename Tpm2b>
Bytes octets(const Tpm2b& b) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&b) + sizeof(b.size);
  return Bytes(begin, begin + b.size);
}

/// A TPM2B of these octets; false if they do not fit into it.
template <typename Tpm2b>
bool assign(Tpm2b& to, ByteView from) {
  constexpr std::size_t kRoom = sizeof(Tpm2b) - sizeof(to.size);
  if (from.size() > kRoom) return false;
  to.size = static_cast<std::uint16_t>(from.size());
  auto* begin = reinterpret_cast<std::uint8_t*>(&to) + sizeof(to.size);
  std::copy(from.begin(), from.end(), begin);
  return true;
}

/// The public area that TPM2_Create is asked for (Part 2, 12.2.4 TPMT_PUBLIC).
TPM2B_PUBLIC to_public(const KeyTemplate& key);

/// TPMT_PUBLIC_PARMS for TPM2_TestParms.
TPMT_PUBLIC_PARMS to_public_parms(const KeyTemplate& key);

/// TPMT_SIG_SCHEME.
TPMT_SIG_SCHEME to_sig_scheme(const Scheme& scheme);

/// The public half; `malformed` if its type is none that a KeyTemplate has.
Expected<PublicKey> from_public(const TPM2B_PUBLIC& area);

/// The octets of a signature; `malformed` if it is of no asymmetric scheme.
Expected<Signature> from_signature(const TPMT_SIGNATURE& signature);

}  // namespace tpmprobe::tpm
