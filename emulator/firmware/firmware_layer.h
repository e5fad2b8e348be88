// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/firmware_profile/profile.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::emulator {

/// Makes the TPM below look and refuse like a firmware: GetCapability answers as the profile says,
/// and what the profile lacks is refused with the code and in the order of a real TPM (header,
/// handles, authorization, parameters one by one). What the TPM below lacks is served as it is
/// there and named in `missing`.
class FirmwareLayer final : public tpm::Layer {
 public:
  /// Asks the TPM below for its capabilities. Errors: those of the transport; tpm.
  static Expected<std::unique_ptr<FirmwareLayer>> create(tpm::TransportPtr below,
                                                         knowledge::FirmwareProfile profile);
  ~FirmwareLayer() override;

  Expected<void> carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) override;

  /// What the profile has and the TPM below has not, one entry each: "algorithm sm3_256",
  /// "command TPM2_ChangePPS", "TPM_PT_HR_TRANSIENT_MIN 6 (here 3)".
  [[nodiscard]] const std::vector<std::string>& missing() const;

 private:
  struct State;
  FirmwareLayer(tpm::TransportPtr below, std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tpmprobe::emulator
