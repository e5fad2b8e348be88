// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "emulator/quirk/capability_page.h"
#include "knowledge/capabilities.h"

/// Fixed properties of a firmware on an engine that has less of something. Whatever is changed is
/// named in `missing`: "TPM_PT_HR_TRANSIENT_MIN 6 (here 3)".
namespace tpmprobe::emulator {

/// Where the engine has less room, its value. `engine` are its own fixed properties.
void adjust_to_engine(std::vector<knowledge::Property>& values,
                      const std::vector<CapabilityEntry>& engine,
                      std::vector<std::string>& missing);

/// The counts of commands, less those of `wanted` (TPMA_CC) that are not `listed`.
void adjust_to_commands(std::vector<knowledge::Property>& values,
                        const std::vector<std::uint32_t>& wanted,
                        const std::vector<CapabilityEntry>& listed,
                        std::vector<std::string>& missing);

/// TPM_PT_MAX_DIGEST, if the longest hash of `wanted` is not `listed`.
void adjust_to_hashes(std::vector<knowledge::Property>& values,
                      const std::vector<knowledge::AlgorithmEntry>& wanted,
                      const std::vector<CapabilityEntry>& listed,
                      std::vector<std::string>& missing);

}  // namespace tpmprobe::emulator
