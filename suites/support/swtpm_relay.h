// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "emulator/swtpm_process.h"
#include "suites/swtpm/program.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/private_directory.h"
#include "tpm/transport/swtpm.h"

namespace tpmprobe::suites {

/// Stands between a program and an swtpm: counts the commands that pass, and can keep one of them
/// back, so that a test meets a program at an exact place of its run and not at a point in time.
class SwtpmRelay {
 public:
  /// What is kept back: the command, so that the TPM has not seen it, or only its response.
  enum class Hold { command, response };

  /// Throws std::runtime_error if there is no socket to be had.
  explicit SwtpmRelay(const emulator::SwtpmProcess& swtpm);
  ~SwtpmRelay();
  SwtpmRelay(const SwtpmRelay&) = delete;
  SwtpmRelay& operator=(const SwtpmRelay&) = delete;

  /// TCTI configuration that leads here.
  [[nodiscard]] std::string tcti() const { return "swtpm:path=" + socket_path(); }

  /// Path of the socket.
  [[nodiscard]] std::string socket_path() const { return (directory_.path() / "tpm"); }

  /// TPM_CC of every command so far, in their order.
  [[nodiscard]] std::vector<std::uint32_t> commands() const;

  /// How many there were.
  [[nodiscard]] std::size_t count() const { return commands().size(); }

  /// Keeps back command `number` (from 1, counted from the relay's beginning); what comes on other
  /// connections passes.
  void hold_at(std::size_t number, Hold what = Hold::response);

  /// Waits until that command is here; false if the program that was to send it has ended.
  [[nodiscard]] bool wait_until_held(RunningProgram& sender);

  /// Lets it pass, and keeps nothing back any more.
  void release();

  /// Lets it pass, and keeps back the one that comes next.
  void pass();

  /// Closes its connection instead, as a TPM that died.
  void drop();

 private:
  /// A command that is kept back, and where it came from.
  struct Held {
    tpm::UniqueFd client;
    Bytes command;
    std::optional<Bytes> response;
  };

  void listen();
  void serve_all();
  void serve(tpm::UniqueFd client);
  [[nodiscard]] std::optional<Hold> note(const Bytes& command);
  [[nodiscard]] std::optional<Bytes> forward(const Bytes& command);
  void answer(const Held& held);
  void let_go(std::optional<Held> held);
  std::optional<Held> take_held(bool and_hold_next);

  tpm::PrivateDirectory directory_;
  tpm::SystemClock clock_;
  std::unique_ptr<tpm::SwtpmTransport> swtpm_;
  tpm::UniqueFd listening_, stop_reader_, stop_writer_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::uint32_t> commands_;
  std::size_t hold_number_ = 0;
  Hold hold_ = Hold::response;
  std::optional<Held> held_;
  std::thread thread_;
};

}  // namespace tpmprobe::suites
