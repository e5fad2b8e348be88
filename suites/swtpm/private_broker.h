// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "suites/swtpm/program.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {

/// A tpm2-abrmd of our own, on a D-Bus of our own.
class PrivateBroker {
 public:
  /// Returns when the broker has its name on the bus. Throws std::runtime_error if it does not get
  /// that far.
  explicit PrivateBroker(const std::string& tcti);

  /// Address of the bus.
  [[nodiscard]] std::string address() const;

  /// Its name on the bus, the usual one.
  static constexpr const char* kName = "com.intel.tss2.Tabrmd";

 private:
  [[nodiscard]] bool is_on_bus();

  tpm::PrivateDirectory directory_;
  std::optional<RunningProgram> bus_, broker_;
};

}  // namespace tpmprobe::suites
