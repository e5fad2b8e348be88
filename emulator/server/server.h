// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include <poll.h>

#include "emulator/server/client.h"
#include "emulator/server/delay_clock.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// What a server tells and asks its owner; each may be empty.
struct ServerHooks {
  /// Makes this the locality of all commands that follow (Part 1, 16). The answer is false if the
  /// TPM has no such locality; without this there is locality 0.
  std::function<bool(std::uint8_t)> set_locality;
  /// A command was executed, and its answer is not sent yet.
  std::function<void()> executed;
  /// A command got no answer from the TPM.
  std::function<void(const Error&)> failed;
};

/// One TPM for several programs, over the protocol of tcti-swtpm: bare commands and responses on
/// one channel, one or several to a connection, and a control channel beside it
/// (control_channel.h).
///
/// One thread and one poll(2): a command is executed when the TPM is free, in the order of the
/// clients; what a client sends, or fails to send or to read, is nobody else's concern. A command
/// that the guard refuses is answered kRcRefused; one that the TPM does not answer in time stays
/// unanswered until it is cancelled (TPM_RC_CANCELED), and the TPM is free; when the connection to
/// the TPM breaks, so does the client's. Of more than kMaxClients the one that was silent longest
/// is dropped.
class Server {
 public:
  /// TPM_RC_COMMAND_CODE of a resource manager, as the kernel answers to what /dev/tpmrm0 does not
  /// let pass.
  static constexpr std::uint32_t kRcRefused = 0xB0143;
  static constexpr std::size_t kMaxClients = 256;

  /// `tpm` and `clock`, by which its layers wait, outlive the server.
  Server(tpm::Transport& tpm, DelayClock& clock, ServerHooks hooks = {})
      : tpm_(tpm), clock_(clock), hooks_(std::move(hooks)) {}

  /// Clients of this socket speak to `channel`.
  void listen(Client::Channel channel, Listener listener) {
    listeners_.push_back({channel, std::move(listener)});
  }

  /// One client more, with commands on one descriptor and responses on another; they stay open.
  void add_client(int input, int output) { clients_.emplace_back(input, output); }

  /// Serves until one of `events` is readable, and says which; nullopt when nobody is left to be
  /// served and nobody can come. SIGPIPE has to be ignored if there are clients on pipes.
  std::optional<std::size_t> run(std::span<const int> events);

 private:
  struct Door {
    Client::Channel channel;
    Listener listener;
  };
  /// The answer to a command that takes its time.
  struct Late {
    Client* client = nullptr;  ///< null if it went away
    Bytes response;
    tpm::TimePoint due;
  };

  std::vector<pollfd> wanted(std::span<const int> events) const;
  void serve(std::span<const pollfd> ready);
  void accept_from(const Door& door);
  void drop_one();
  void attend(Client& client, short input_events, short output_events);
  void serve_requests(Client& client);
  void execute_all();
  void execute(Client& client, ByteView command);
  void settle(Client& client, const Error& error);
  void release_late();
  void cancel();
  void forget_those_over();

  tpm::Transport& tpm_;
  DelayClock& clock_;
  ServerHooks hooks_;
  std::vector<Door> listeners_;
  std::list<Client> clients_;  ///< the one that was served last is at the end
  std::optional<Late> late_;   ///< while there is one, the TPM is busy
};

}  // namespace tpmprobe::emulator
