// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace tpmprobe::knowledge {

/// Bits 16-23 of a TSS2_RC: the software that raised it (tss2_common.h). The kernel's resource
/// manager answers with layer 11 where the header means 12, so both are "resource manager" here.
enum class RcLayer : std::uint8_t {
  tpm = 0,
  fapi = 6,
  esys = 7,
  sys = 8,
  mu = 9,
  tcti = 10,
  resource_manager = 11,
  resource_manager_tpm = 12,
  policy = 13,
  unknown = 0xFF,  ///< 1-5 and from 14: no software of the TSS uses them
};

/// The shapes that the low 16 bits can have.
enum class RcFormat : std::uint8_t {
  success,
  tpm12,                    ///< bits 7 and 8 clear: an answer of a TPM 1.2
  format0_error,            ///< 0x1xx (Part 2, 6.6.3 "RC_VER1")
  format0_warning,          ///< 0x9xx (Part 2, 6.6.3 "RC_WARN")
  vendor,                   ///< format 0 with bit 10 set: only the manufacturer knows
  format1,                  ///< bit 7 set: error number with a position (Part 2, 6.6.3 "RC_FMT1")
  base,                     ///< TSS2_BASE_RC of a software layer
  implementation_specific,  ///< 0xf800 and above, and what tpm2-abrmd made up for itself
  undefined,                ///< reserved bits are set: no TPM and no TSS answers so
};

/// What the position in a code counts.
enum class RcPlace : std::uint8_t { none, parameter, handle, session };

/// Where in the command the fault is. `index` counts from 1, separately for the handle area, the
/// authorization area and the parameters; 0 without a place.
struct RcPosition {
  RcPlace place = RcPlace::none;
  std::uint8_t index = 0;
  constexpr bool operator==(const RcPosition&) const = default;
};

/// How bad a code is: from its bits, or, where codes/*.json knows better, from there.
enum class RcSeverity : std::uint8_t {
  error,
  warning,    ///< the TPM could not do it now: a resource, a lockout, a retry
  follow_up,  ///< the consequence of an earlier error, which is the one to read
  harmless,
};

/// A code taken apart.
struct DecodedRc {
  std::uint32_t value = 0;
  RcLayer layer = RcLayer::tpm;
  std::uint8_t layer_number = 0;
  RcFormat format = RcFormat::success;
  RcPosition where;
  /// The code without layer and position: 0x1d5 gives 0x095, 0xa000a gives 10.
  std::uint16_t base = 0;
  RcSeverity severity = RcSeverity::error;

  /// True if the TPM itself, or a resource manager in its place, says this in the TPM's own codes.
  [[nodiscard]] constexpr bool is_tpm_code() const {
    return format == RcFormat::format0_error || format == RcFormat::format0_warning ||
           format == RcFormat::format1 || format == RcFormat::vendor;
  }
  constexpr bool operator==(const DecodedRc&) const = default;
};

namespace detail {

inline constexpr std::uint16_t kFormat1Bit = 0x080, kVersion2Bit = 0x100, kReservedBit = 0x200,
                               kVendorBit = 0x400, kWarningBit = 0x800, kParameterBit = 0x040,
                               kErrorNumber = 0x03F;
inline constexpr std::uint16_t kReferenceH0 = 0x910, kReferenceH6 = 0x916, kReferenceS0 = 0x918,
                               kReferenceS6 = 0x91E;
inline constexpr std::uint16_t kImplementationSpecific = 0xF800;

constexpr RcLayer layer_of(std::uint32_t number) {
  const bool used = number == 0 || (number >= 6 && number <= 13);
  return used ? static_cast<RcLayer>(number) : RcLayer::unknown;
}

/// N counts from 1, and 0 means that the fault has no position: 0x084 is not "handle 0".
constexpr RcPosition format1_position(std::uint16_t code) {
  const auto number = static_cast<std::uint8_t>((code >> 8U) & 0xFU);
  if ((code & kParameterBit) != 0) {
    return number == 0 ? RcPosition{} : RcPosition{RcPlace::parameter, number};
  }
  const auto index = static_cast<std::uint8_t>(number & 7U);
  if (index == 0) return {};
  return {(code & kWarningBit) != 0 ? RcPlace::session : RcPlace::handle, index};
}

/// TPM_RC_REFERENCE_Hn and _Sn say which handle or session is not loaded, by n from 0.
constexpr RcPosition reference_position(std::uint16_t code) {
  if (code >= kReferenceH0 && code <= kReferenceH6) {
    return {RcPlace::handle, static_cast<std::uint8_t>(code - kReferenceH0 + 1)};
  }
  if (code >= kReferenceS0 && code <= kReferenceS6) {
    return {RcPlace::session, static_cast<std::uint8_t>(code - kReferenceS0 + 1)};
  }
  return {};
}

/// `code` is the low 16 bits of a code that a TPM made; only 12 of them are ever used.
constexpr void decode_tpm_code(std::uint16_t code, DecodedRc& decoded) {
  decoded.base = code;
  if (code > 0xFFF) {
    decoded.format = RcFormat::undefined;
  } else if ((code & kFormat1Bit) != 0) {
    decoded.format = RcFormat::format1;
    decoded.where = format1_position(code);
    decoded.base = kFormat1Bit | (code & kErrorNumber);
  } else if ((code & kVersion2Bit) == 0) {
    decoded.format = RcFormat::tpm12;
  } else if ((code & kVendorBit) != 0) {
    decoded.format = RcFormat::vendor;
  } else if ((code & kReservedBit) != 0) {
    decoded.format = RcFormat::undefined;
  } else if ((code & kWarningBit) != 0) {
    decoded.format = RcFormat::format0_warning;
    decoded.severity = RcSeverity::warning;
    decoded.where = reference_position(code);
  } else {
    decoded.format = RcFormat::format0_error;
  }
}

constexpr void decode_base_code(std::uint16_t code, DecodedRc& decoded) {
  decoded.base = code;
  decoded.format =
      code >= kImplementationSpecific ? RcFormat::implementation_specific : RcFormat::base;
}

/// A resource manager answers in the TPM's codes, in base codes, and (tpm2-abrmd) in its own, which
/// start at 1 << 11.
constexpr void decode_resource_manager_code(std::uint16_t code, DecodedRc& decoded) {
  if (code < kFormat1Bit || code >= kImplementationSpecific) {
    decode_base_code(code, decoded);
  } else if (code <= 0xFFF && (code & (kFormat1Bit | kVersion2Bit)) != 0) {
    decode_tpm_code(code, decoded);
  } else {
    decoded.base = code;
    decoded.format = RcFormat::implementation_specific;
  }
}

}  // namespace detail

/// Takes a TPM_RC or TSS2_RC apart (TPM 2.0 Part 2, 6.6 "TPM_RC"; TSS 2.0 Overview, "Response
/// codes"). Every value has an answer; what cannot be a code is `undefined`.
constexpr DecodedRc decode_rc(std::uint32_t rc) {
  DecodedRc decoded;
  decoded.value = rc;
  decoded.layer_number = static_cast<std::uint8_t>((rc >> 16U) & 0xFFU);
  decoded.layer = detail::layer_of(rc >> 16U);
  const auto code = static_cast<std::uint16_t>(rc & 0xFFFFU);
  if (decoded.layer == RcLayer::unknown) {
    decoded.base = code;
    decoded.format = RcFormat::undefined;
  } else if (rc == 0) {
    decoded.format = RcFormat::success;
    decoded.severity = RcSeverity::harmless;
  } else if (code == 0) {
    decoded.format = RcFormat::undefined;  // TSS2_RC_SUCCESS is 0 in every layer, never 0x70000
  } else if (decoded.layer == RcLayer::tpm) {
    detail::decode_tpm_code(code, decoded);
  } else if (decoded.layer == RcLayer::resource_manager ||
             decoded.layer == RcLayer::resource_manager_tpm) {
    detail::decode_resource_manager_code(code, decoded);
  } else {
    detail::decode_base_code(code, decoded);
  }
  return decoded;
}

/// True for RETRY, YIELDED and TESTING: the TPM asks for the same command again (Part 1, 11.4).
constexpr bool is_retry_code(std::uint32_t rc) {
  return rc == 0x908 || rc == 0x90A || rc == 0x922;
}

/// The code with another position put in: (0x095, parameter 1) gives 0x1d5. Only for format 1.
constexpr std::uint32_t with_position(std::uint32_t rc, RcPosition where) {
  const std::uint32_t bare = rc & ~0xF40U;
  const auto index = static_cast<std::uint32_t>(where.index);
  switch (where.place) {
    case RcPlace::parameter:
      return bare | detail::kParameterBit | (index << 8U);
    case RcPlace::handle:
      return bare | (index << 8U);
    case RcPlace::session:
      return bare | ((index + 8U) << 8U);
    case RcPlace::none:
      break;
  }
  return bare;
}

/// The words of the JSON reports: "tpm", "fapi", "esys", "sys", "mu", "tcti", "rm", "policy",
/// "unknown".
std::string_view to_string(RcLayer layer);
/// "success", "tpm12", "format0-error", "format0-warning", "vendor", "format1", "base",
/// "implementation-specific", "undefined".
std::string_view to_string(RcFormat format);
/// "none", "parameter", "handle", "session".
std::string_view to_string(RcPlace place);
/// "error", "warning", "follow-up", "harmless".
std::string_view to_string(RcSeverity severity);

}  // namespace tpmprobe::knowledge
