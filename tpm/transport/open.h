// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

/// An open way to a TPM.
struct OpenedTransport {
  TransportPtr transport;
  /// The kind of way, fit for a report: "device:/dev/tpmrm0", "swtpm", "tabrmd". No path of a user.
  std::string name;
  /// Equal for two ways to one TPM as far as can be known, however they are spelt: real path of
  /// the device or socket (/dev/tpmrm0 is /dev/tpm0), numeric address and port; else the
  /// configuration.
  std::string lock_key;
};

/// Opens the TPM that a TCTI configuration of tss2 names: "device[:PATH]" (by default /dev/tpmrm0,
/// or /dev/tpm0 without it) and "swtpm[:...]" with our own transports, everything else through
/// libtss2-tctildr. Errors as of DeviceTransport, SwtpmTransport and TctiLdrTransport; the message
/// is one line for the user.
Expected<OpenedTransport> open_transport(std::string_view tcti_conf, Clock& clock);

}  // namespace tpmprobe::tpm
