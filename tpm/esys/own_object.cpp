// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/esys/own_object.h"

#include <utility>

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<Object> own_object(const std::shared_ptr<EsysLink>& link, std::uint32_t command,
                            ESYS_TR tr, const TPM2B_PUBLIC& area) {
  TPM2_HANDLE handle = 0;
  std::uint8_t* serialized = nullptr;
  std::size_t size = 0;
  auto read = link->run(command, [&](ESYS_CONTEXT* esys) {
    const TSS2_RC rc = Esys_TR_GetTpmHandle(esys, tr, &handle);
    return rc == TSS2_RC_SUCCESS ? Esys_TR_Serialize(esys, tr, &serialized, &size) : rc;
  });
  const EsysPtr<std::uint8_t> serialized_owner(serialized);
  if (!read) return tl::unexpected(read.error());
  Object object(link, tr, handle, Bytes(serialized, serialized + size));
  auto key = from_public(area);
  if (!key) return tl::unexpected(key.error());
  object.set_key(std::move(*key));
  return object;
}

}  // namespace tpmprobe::tpm
