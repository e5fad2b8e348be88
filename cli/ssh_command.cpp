// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>

#include <fmt/ostream.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/report_writer.h"
#include "cli/served_tpm.h"
#include "cli/ssh_options.h"
#include "cli/ssh_walk.h"
#include "cli/supervised.h"
#include "reports/walk_text.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::cli {
namespace {

int refuse(Console& console, std::string_view why, int code) {
  fmt::print(console.err, "tpmprobe ssh: {}\n", why);
  console.err.flush();
  return code;
}

/// What runs on a TPM in which somebody has keys has to be wanted.
bool is_hardware(const Target& target) {
  return !target.emulated && !target.name.starts_with("swtpm");
}

constexpr const char* kHardwareNotice =
    "this would make throw-away keys in a real TPM: transient objects and sessions only, under a "
    "transient parent; nothing persistent, no NV, no PCR, no wrong PIN; RSA keys can take minutes. "
    "--hardware allows it";

// sshd as root wants this folder, which an init script makes; where there is none it is ours.
class PrivilegeSeparationFolder {
 public:
  PrivilegeSeparationFolder() {
    std::error_code ignored;
    made_ = ::getuid() == 0 && std::filesystem::create_directory(kPath, ignored);
  }
  void remove() const {
    if (made_) ::rmdir(kPath);
  }

 private:
  static constexpr const char* kPath = "/run/sshd";
  bool made_ = false;
};

}  // namespace

int run_ssh(const std::vector<std::string>& arguments, Console& console) {
  const auto options = parse_ssh_options(arguments, console);
  if (!options) return options.error();
  console.out_style = style_for(stream_facts(STDOUT_FILENO), process_environment, options->colour);
  if (const auto writable = check_writable(options->outputs); !writable) {
    return refuse(console, writable.error(), kExitUsage);
  }
  auto target = open_target(options->target, {process_environment});
  if (!target) return refuse(console, target.error().message, target.error().exit_code);
  if (is_hardware(*target) && !options->hardware) {
    return refuse(console, kHardwareNotice, kExitUsage);
  }
  const auto folder = tpm::PrivateDirectory::create();
  if (!folder) return refuse(console, folder.error().message, kExitInternal);
  SshWalk walk{*options,          arguments,        folder->path(),
               target->emulation, target->emulated, !is_hardware(*target)};
  // It makes a persistent object and sets lockout parameters: in no TPM that is somebody's.
  const bool provisioning = options->fapi && target->emulated;
  auto served = ServedTpm::open(std::move(*target), folder->path(), provisioning);
  if (!served) return refuse(console, served.error().message, kExitInternal);
  walk.tcti = (*served)->tcti();
  const PrivilegeSeparationFolder separation;
  return run_supervised({.work =
                             [&] {
                               const auto report = walk_ssh(walk, console);
                               return write_report(report, options->outputs, "ssh",
                                                   reports::write_walk_text, console);
                             },
                         .serve = [&](std::span<const int> events) { (*served)->serve(events); },
                         .settle =
                             [&] {
                               (*served)->flush();
                               separation.remove();
                             },
                         .folder = folder->path()});
}

}  // namespace tpmprobe::cli
