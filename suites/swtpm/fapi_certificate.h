// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "emulator/swtpm_process.h"
#include "suites/swtpm/program.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::suites {

/// Makes the RSA endorsement key of the TPM, has an authority of the test's own certify it, and
/// writes the certificate where TPMs have it (NV index 0x1c00002). `issuer` is the address from
/// which the authority's own certificate can be fetched; empty for none. Throws std::runtime_error
/// if a program fails.
void install_ek_certificate(const emulator::SwtpmProcess& tpm, const std::string& issuer);

/// Serves the authority's certificate on loopback.
class IssuerServer {
 public:
  IssuerServer();
  [[nodiscard]] std::string address() const;

 private:
  std::optional<RunningProgram> server_;
};

}  // namespace tpmprobe::suites
