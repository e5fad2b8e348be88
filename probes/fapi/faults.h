// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tpmprobe::probes {

/// A failure of FAPI that is known, and what to do about it.
struct FapiFault {
  std::string_view id;  ///< "no-ek-certificate"
  std::string_view cause, advice;
  std::string line;  ///< the one of the log to read; those after it mislead
};

/// Recognises a failure by FAPI's log, whose first error counts: after one FAPI goes on to clean up
/// and complains of handles that it never had (Esys, 0x7000b).
std::optional<FapiFault> recognise_fapi(std::uint32_t rc, std::span<const std::string> log);

}  // namespace tpmprobe::probes
