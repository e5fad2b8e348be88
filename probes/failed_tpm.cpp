// SPDX-License-Identifier: BSD-2-Clause
#include "probes/failed_tpm.h"

#include "knowledge/property_tags.h"
#include "tpm/commands/capability.h"

namespace tpmprobe::probes {

void ask_failed_tpm(tpm::Session& session, knowledge::Capabilities& capabilities) {
  auto& fixed = capabilities.properties_fixed;
  for (const auto tag : {knowledge::kPtManufacturer, knowledge::kPtVendorString1,
                         knowledge::kPtFirmwareVersion1, knowledge::kPtFirmwareVersion2}) {
    const auto value = tpm::read_property(session, tag);
    if (!value || !*value) continue;
    if (!fixed) fixed.emplace();
    fixed->push_back({tag, **value});
  }
}

}  // namespace tpmprobe::probes
