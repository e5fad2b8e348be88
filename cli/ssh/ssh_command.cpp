// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <fmt/ostream.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/report/report_writer.h"
#include "cli/ssh/served_tpm.h"
#include "cli/ssh/ssh_options.h"
#include "cli/ssh/ssh_walk.h"
#include "cli/ssh/store_check.h"
#include "cli/ssh/supervised.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/unique_fd.h"
#include "walks/walk_text.h"

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

/// What a walk does to a TPM, for the person who owns it.
std::string notice(const SshOptions& options) {
  return options.fapi
             ? "throw-away configurations of FAPI that only look at the TPM: nothing is "
               "provisioned, "
               "made or written"
             : "throw-away keys in a real TPM: transient objects and sessions only, under a "
               "transient parent; nothing persistent, no NV, no PCR, no wrong PIN; RSA keys can "
               "take "
               "minutes";
}

// sshd as root wants this folder, which an init script makes; where there is none it is ours, and
// goes when no other walk needs it.
class PrivilegeSeparationFolder {
 public:
  PrivilegeSeparationFolder() {
    if (::getuid() != 0) return;
    std::error_code ignored;
    made_ = std::filesystem::create_directory(kPath, ignored);
    folder_ = tpm::UniqueFd(::open(kPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_) ::flock(folder_.get(), LOCK_SH);
  }
  void remove() const {
    if (made_ && folder_ && ::flock(folder_.get(), LOCK_EX | LOCK_NB) == 0) ::rmdir(kPath);
  }

 private:
  static constexpr const char* kPath = "/run/sshd";
  bool made_ = false;
  tpm::UniqueFd folder_;
};

int write(const reports::Report& report, const SshOptions& options, Console& console) {
  return write_report(report, options.outputs, "ssh", walks::write_walk_text, console);
}

/// Each wrong PIN brings a TPM nearer to lockout; the one inside tpmprobe has tries enough.
walks::WrongPins wrong_pins(const Target& target) {
  if (target.emulated) return walks::WrongPins::each;
  return is_hardware(target) ? walks::WrongPins::none : walks::WrongPins::once;
}

int walk(Target target, const SshOptions& options, const std::vector<std::string>& arguments,
         Console& console) {
  SshWalk walk{options,     arguments,          {},    target.emulation, target.emulated,
               target.name, wrong_pins(target), false, ::getpgrp(),      {}};
  walk.may_provision = options.fapi && (target.emulated || options.provision);
  std::optional<tpm::PrivateDirectory> folder;
  std::unique_ptr<ServedTpm> served;
  std::optional<PrivilegeSeparationFolder> separation;
  const auto prepare = [&]() -> tl::expected<std::filesystem::path, int> {
    auto made = tpm::PrivateDirectory::create();
    if (!made) return tl::unexpected(refuse(console, made.error().message, kExitInternal));
    walk.folder = folder.emplace(std::move(*made)).path();
    auto opened = ServedTpm::open(std::move(target), walk.folder, walk.may_provision);
    if (!opened) {
      folder.reset();
      return tl::unexpected(refuse(console, opened.error().message, kExitInternal));
    }
    served = std::move(*opened);
    walk.tcti = served->tcti();
    separation.emplace();
    return walk.folder;
  };
  return run_supervised({.prepare = prepare,
                         .work = [&] { return write(walk_ssh(walk, console), options, console); },
                         .serve = [&](std::span<const int> events) { served->serve(events); },
                         .settle =
                             [&] {
                               served->flush();
                               separation->remove();
                             }});
}

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
  if (options->check_store) {
    return write(check_user_store(std::move(*target), arguments), *options, console);
  }
  if (is_hardware(*target)) {
    if (options->provision) {
      return refuse(console, "--provision is for a software TPM: it changes the lockout parameters",
                    kExitUsage);
    }
    if (!options->hardware) {
      return refuse(console,
                    fmt::format("this would make {}. --hardware allows it", notice(*options)),
                    kExitUsage);
    }
    if (!options->quiet) {
      fmt::print(console.err, "tpmprobe ssh: on {}: {}\n", target->name, notice(*options));
      console.err.flush();
    }
  }
  return walk(std::move(*target), *options, arguments, console);
}

}  // namespace tpmprobe::cli
