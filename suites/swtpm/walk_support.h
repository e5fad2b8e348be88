// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "suites/swtpm/report_support.h"
#include "tpm/posix/private_directory.h"

/// Walks of `tpmprobe ssh`, and what they leave.
namespace tpmprobe::suites {

/// Verdict of the result with this id; "none" if there is none.
std::string verdict_of(const nlohmann::json& report, std::string_view id);

/// The program, seeing `file` at `place`, which others do not. nullopt if who runs the tests may
/// not mount anything.
std::optional<Words> with_mounted(const std::string& file, const std::string& place,
                                  const Words& argv);

/// A folder for everything that a walk could leave.
class WalkInFolder : public ::testing::Test {
 protected:
  void SetUp() override;

  /// Leads programs into the folder: HOME and TMPDIR.
  [[nodiscard]] Environment environment() const;

  /// Runs `tpmprobe ssh --format json` with these words and variables more.
  ProgramResult walk(const Words& words, const Environment& more = {});

  /// Files that are there, and command lines of processes that name the folder.
  [[nodiscard]] std::vector<std::string> left_over() const;

  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }
  [[nodiscard]] std::filesystem::path temporary() const { return folder_.path() / "tmp"; }

  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

/// Walks on an swtpm that can be met at an exact place: inside a step, while a program of it waits
/// for the TPM.
class HeldWalk : public WalkInFolder {
 protected:
  void SetUp() override;

  /// Starts all ways of P-256, with these words more. Its first command is kept back.
  RunningProgram start(const Words& more = {});

  /// Lets it go on until this many steps have ended and the next one sends a command, which is kept
  /// back; false if there is no such step.
  [[nodiscard]] bool go_into_step_after(std::size_t steps, RunningProgram& walk);

  std::unique_ptr<emulator::SwtpmProcess> swtpm_;
  std::unique_ptr<SwtpmRelay> relay_;
};

}  // namespace tpmprobe::suites
