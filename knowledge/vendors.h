// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "knowledge/words.h"

namespace tpmprobe::knowledge {

/// What a TPM is made of.
enum class TpmKind : std::uint8_t {
  unknown,
  discrete,         ///< a chip of its own
  firmware,         ///< runs inside the processor or chip set
  virtual_machine,  ///< a hypervisor's
  emulator,         ///< a program for tests
};
inline constexpr std::array<Word<TpmKind>, 5> kKindWords{{{TpmKind::unknown, "unknown"},
                                                          {TpmKind::discrete, "discrete"},
                                                          {TpmKind::firmware, "firmware"},
                                                          {TpmKind::virtual_machine, "virtual"},
                                                          {TpmKind::emulator, "emulator"}}};
constexpr std::span<const Word<TpmKind>> words(TpmKind /*any*/) {
  return kKindWords;
}

/// How a vendor's TPM_PT_FIRMWARE_VERSION_1 and _2 are printed.
enum class FirmwareStyle : std::uint8_t {
  words,  ///< four decimal 16-bit numbers: "3.51.0.5"
  date,   ///< date and time of the build in hexadecimal digits: "20191023.163636"
};

/// A model that is told apart by the start of the vendor string.
struct ModelInfo {
  std::string_view vendor_string;
  TpmKind kind = TpmKind::unknown;
  std::string_view what;
};

/// One manufacturer (TCG TPM Vendor ID Registry), from vendors.json.
struct VendorInfo {
  std::string_view id;    ///< "IFX"; TPM_PT_MANUFACTURER without what fills it up to four octets
  std::string_view name;  ///< "Infineon"
  TpmKind kind = TpmKind::unknown;
  std::string_view what;  ///< "Infineon TPM chip"
  FirmwareStyle firmware = FirmwareStyle::words;
  std::span<const ModelInfo> models;
};

/// What a TPM is by its manufacturer and vendor string.
struct TpmIdentity {
  TpmKind kind = TpmKind::unknown;
  std::string_view what;  ///< "libtpms emulator (swtpm)", empty if the manufacturer is unknown
};

/// All manufacturers, by ascending id.
std::span<const VendorInfo> vendors();

/// The manufacturer with this id, "IFX" or "STM " as TPMs give it; null if it is unknown.
const VendorInfo* find_vendor(std::string_view id);

/// The word for a kind: "discrete", "firmware", "virtual", "emulator", "unknown".
std::string_view kind_name(TpmKind kind);

/// What a TPM is, by manufacturer ("IBM") and vendor string ("SW   TPM").
TpmIdentity identify(std::string_view manufacturer, std::string_view vendor_string);

/// The firmware version as the vendor prints it, from TPM_PT_FIRMWARE_VERSION_1 and _2: "3.51.0.5".
/// Manufacturers that are not known print words.
std::string format_firmware(std::string_view manufacturer, std::uint32_t version_1,
                            std::uint32_t version_2);

/// The name of a firmware in this program: "amd-3.51.0.5".
std::string firmware_name(std::string_view manufacturer, std::uint32_t version_1,
                          std::uint32_t version_2);

/// How long real TPMs take to generate an RSA key, from key_times.json. Seconds.
struct KeyTime {
  std::string_view manufacturer;  ///< TPM_PT_MANUFACTURER, trimmed; empty: of all
  std::uint16_t bits = 0;
  std::uint16_t usual_s = 0;  ///< average of the slowest firmware
  std::uint16_t worst_s = 0;  ///< slowest single key
};

/// All rows; those of all manufacturers first.
std::span<const KeyTime> key_times();

/// The row for this manufacturer and size, else the one of all manufacturers; null if nobody
/// measured the size on any.
const KeyTime* find_key_time(std::string_view manufacturer, std::uint16_t bits);

}  // namespace tpmprobe::knowledge
