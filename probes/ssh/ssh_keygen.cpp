// SPDX-License-Identifier: BSD-2-Clause
#include "probes/ssh/ssh_keygen.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::probes {
namespace {

constexpr const char* kIdentity = "tpmprobe";

Expected<std::string> openssh_program(std::string_view name) {
  const auto path = tpm::find_program(name);
  if (path) return *path;
  return fail(Error::Kind::no_access, 0,
              fmt::format("{} is not installed (package openssh-client)", name));
}

bool write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return file.flush().good();
}

/// What it said last; ssh-keygen explains a refusal on its standard error.
std::string last_line(const tpm::ProcessResult& result) {
  std::string text = result.output + result.errors;
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text.substr(text.find_last_of('\n') + 1);
}

tpm::ProcessOptions options() {
  tpm::ProcessOptions plain;
  plain.environment = {{"LC_ALL", "C"}};
  return plain;
}

}  // namespace

Expected<SshKeygenAnswer> verify_with_ssh_keygen(const SshKeygenQuestion& question) {
  const auto program = openssh_program("ssh-keygen");
  if (!program) return tl::unexpected(program.error());
  const auto directory = tpm::PrivateDirectory::create();
  if (!directory) return tl::unexpected(directory.error());
  const auto signers = directory->path() / "allowed_signers";
  const auto signature = directory->path() / "signature";
  const std::string line = fmt::format("{} {}\n", kIdentity, question.public_key_line);
  if (!write_file(signers, line) || !write_file(signature, question.sshsig_file)) {
    return fail(Error::Kind::io, 0, "cannot write to " + directory->path().string());
  }
  tpm::ProcessOptions with_message = options();
  with_message.input.assign(question.message.begin(), question.message.end());
  return tpm::run_process({*program, "-Y", "verify", "-f", signers, "-I", kIdentity, "-n",
                           question.name_space, "-s", signature},
                          with_message)
      .map([](const tpm::ProcessResult& result) {
        return SshKeygenAnswer{result.status.succeeded(), last_line(result)};
      });
}

Expected<std::string> ssh_keygen_version() {
  const auto program = openssh_program("ssh");
  if (!program) return tl::unexpected(program.error());
  return tpm::run_process({*program, "-V"}, options()).map([](const tpm::ProcessResult& result) {
    return result.errors.substr(0, result.errors.find_first_of(" ,\r\n"));
  });
}

}  // namespace tpmprobe::probes
