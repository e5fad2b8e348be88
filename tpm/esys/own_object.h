// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include <tss2/tss2_esys.h>

#include "tpm/error.h"
#include "tpm/object.h"

namespace tpmprobe::tpm {

/// The object that `command` just put into the TPM, with all that is needed to use it later: its
/// TPM handle, and the ESYS metadata in a form that outlives the ESYS context. `area` is its public
/// area. Errors: `tss` if ESYS does not give these, `malformed` if the area is of no asymmetric
/// key; on `tss` the object stays in the TPM, where the guard knows it.
Expected<Object> own_object(const std::shared_ptr<EsysLink>& link, std::uint32_t command,
                            ESYS_TR tr, const TPM2B_PUBLIC& area);

}  // namespace tpmprobe::tpm
