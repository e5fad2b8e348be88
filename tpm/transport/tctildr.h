// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "tpm/posix/child.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

/// What the helper process says before the octets of a response, in the machine's own octet order.
/// The first one, without octets, is how initialisation went. A command is sent to it as its size
/// (std::uint32_t) and its octets.
struct HelperReply {
  std::uint32_t rc = 0;    ///< TSS2_RC of the TCTI
  std::uint32_t size = 0;  ///< octets that follow
};

/// The helper process's whole life: loads the TCTI for `configuration`, answers commands on
/// `socket` until that is closed, finalizes the TCTI. What the TCTI and its libraries print goes
/// nowhere, unless the user asked for it with TSS2_LOG. The value is the exit status.
int run_tctildr_helper(int socket, const std::string& configuration);

/// Any TCTI that libtss2-tctildr can load (tabrmd, mssim, cmd, pcap, ...). Those know no deadline,
/// so the TCTI lives in a helper process: when a deadline passes, or the TCTI fails, the helper is
/// killed, and the next command starts a new one. What was loaded in the TPM through a resource
/// manager is lost with it. The helper ends with us in any case; like every child it belongs to the
/// thread that started it (see ChildProcess).
class TctiLdrTransport final : public Transport {
 public:
  /// How long a TCTI may take to initialise.
  static constexpr Duration kPatience = std::chrono::seconds(30);

  /// Loads the TCTI for `configuration`, in tss2's syntax. Errors, each with the TCTI's TSS2_RC if
  /// it gave one: no_device (no connection, or input/output failed), tss (no such TCTI,
  /// configuration not understood), timeout, closed (the helper crashed).
  static Expected<std::unique_ptr<TctiLdrTransport>> open(std::string configuration, Clock& clock,
                                                          Duration patience = kPatience);

  /// Lets the TCTI finalize, for at most a second.
  ~TctiLdrTransport() override;

  /// Errors: tss (with the TCTI's TSS2_RC), timeout, closed, and those of open().
  Expected<Bytes> transmit(ByteView command, TimePoint deadline) override;

  /// Process id of the helper, 0 if none runs now.
  [[nodiscard]] pid_t helper() const { return helper_.pid(); }

 private:
  TctiLdrTransport(std::string configuration, Clock& clock, Duration patience)
      : configuration_(std::move(configuration)), clock_(clock), patience_(patience) {}

  Expected<void> start(TimePoint deadline);
  Expected<Bytes> exchange(ByteView command, TimePoint deadline);
  Expected<Bytes> receive_reply(TimePoint deadline);
  [[nodiscard]] std::string name() const;
  void stop();

  std::string configuration_;
  Clock& clock_;
  Duration patience_;
  Child helper_;
  UniqueFd socket_;
};

}  // namespace tpmprobe::tpm
