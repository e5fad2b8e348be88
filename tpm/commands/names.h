// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// What TPM2_ReadPublic (Part 3, 12.4) tells of an object, for comparing it with another.
struct PublicForm {
  Bytes name;  ///< Part 1, 16
  /// The marshalled TPMT_PUBLIC (Part 2, 12.2.4) with an empty `unique`: the template it was made
  /// from, as far as it is seen from outside. Two primaries of one template and one seed are equal.
  Bytes form;
};

/// Of a persistent object by its handle. Errors: `tss` if the area cannot be marshalled again.
Expected<PublicForm> read_public_form(Session& session, std::uint32_t handle);

}  // namespace tpmprobe::tpm
