// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/vendors.h"

#include <algorithm>

#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto last = text.find_last_not_of(std::string_view(" \0", 2));
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

/// The digits of a number in hexadecimal, as the reference code writes dates: 0x20191023.
std::string digits(std::uint32_t value, int count) {
  return hex(value, count).substr(2);
}

/// Whether these hexadecimal digits can be year, month and day.
bool is_date(std::uint32_t value) {
  const auto text = digits(value, 8);
  const std::string_view view = text;
  return std::ranges::all_of(text, [](char digit) { return digit <= '9'; }) &&
         view.substr(0, 4) >= "2000" && view.substr(0, 4) <= "2099" && view.substr(4, 2) >= "01" &&
         view.substr(4, 2) <= "12" && view.substr(6) >= "01" && view.substr(6) <= "31";
}

std::string words(std::uint32_t value) {
  return std::to_string(value >> 16U) + "." + std::to_string(value & 0xffffU);
}

}  // namespace

const VendorInfo* find_vendor(std::string_view id) {
  const auto all = vendors();
  const auto found = std::ranges::find(all, trimmed(id), &VendorInfo::id);
  return found == all.end() ? nullptr : &*found;
}

std::string_view kind_name(TpmKind kind) {
  return word_of(kind);
}

TpmIdentity identify(std::string_view manufacturer, std::string_view vendor_string) {
  const auto* vendor = find_vendor(manufacturer);
  if (vendor == nullptr) {
    return {};
  }
  const auto model = std::ranges::find_if(vendor->models, [&](const auto& row) {
    return vendor_string.starts_with(row.vendor_string);
  });
  return model == vendor->models.end() ? TpmIdentity{vendor->kind, vendor->what}
                                       : TpmIdentity{model->kind, model->what};
}

std::string format_firmware(std::string_view manufacturer, std::uint32_t version_1,
                            std::uint32_t version_2) {
  const auto* vendor = find_vendor(manufacturer);
  if (vendor != nullptr && vendor->firmware == FirmwareStyle::date && is_date(version_1)) {
    return digits(version_1, 8) + "." + digits(version_2, 6);
  }
  return words(version_1) + "." + words(version_2);
}

std::string firmware_name(std::string_view manufacturer, std::uint32_t version_1,
                          std::uint32_t version_2) {
  std::string name(trimmed(manufacturer));
  std::ranges::transform(name, name.begin(), ascii_lower);
  return name + "-" + format_firmware(manufacturer, version_1, version_2);
}

const KeyTime* find_key_time(std::string_view manufacturer, std::uint16_t bits) {
  const KeyTime* found = nullptr;
  for (const KeyTime& row : key_times()) {
    if (row.bits != bits) continue;
    if (row.manufacturer == manufacturer) return &row;
    if (row.manufacturer.empty()) found = &row;
  }
  return found;
}

}  // namespace tpmprobe::knowledge
