// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh/served_tpm.h"

#include <set>

#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "tpm/command_builder.h"
#include "tpm/layers/check_layer.h"
#include "tpm/layers/journal_layer.h"
#include "tpm/layers/retry_layer.h"

namespace tpmprobe::cli {
namespace {

tpm::GuardPolicy policy_for_programs(bool provisioning) {
  auto policy = tpm::default_policy();
  policy.da_protected = true;
  // Fapi_Provision sets the dictionary attack parameters of its profile, too.
  if (provisioning) {
    policy.allow(knowledge::Effect::persistent).allow(knowledge::Effect::lockout);
  }
  return policy;
}

/// TPM2_FlushContext (Part 3, 28.4), which has the handle as its parameter.
Bytes flush_command(std::uint32_t handle) {
  return tpm::CommandBuilder(knowledge::cc::kFlushContext).parameter(handle).build();
}

/// TPM2_DictionaryAttackParameters (Part 3, 25.3) with the empty lockoutAuth: failed attempts
/// enough for a wrong PIN on every token.
Bytes many_tries_command() {
  constexpr std::uint32_t kTries = 100, kSeconds = 100;
  return tpm::CommandBuilder(knowledge::cc::kDictionaryAttackParameters)
      .handle(knowledge::rh::kLockout)
      .password()
      .parameter(kTries)
      .parameter(kSeconds)
      .parameter(kSeconds)
      .build();
}

}  // namespace

Expected<std::unique_ptr<ServedTpm>> ServedTpm::open(Target target,
                                                     const std::filesystem::path& folder,
                                                     bool provisioning) {
  std::unique_ptr<ServedTpm> served(new ServedTpm);
  served->target_ = std::move(target);
  tpm::Clock& clock = *served->target_.clock;
  if (served->target_.emulated) {  // if a defect is in the way, so it may be
    const auto limit = tpm::time_limit(knowledge::cc::kDictionaryAttackParameters);
    static_cast<void>(
        served->target_.transport->transmit(many_tries_command(), clock.now() + limit));
  }
  auto check = std::make_unique<tpm::CheckLayer>(std::move(served->target_.transport), clock);
  auto retry = std::make_unique<tpm::RetryLayer>(std::move(check), clock);
  auto guard = std::make_unique<tpm::Guard>(std::move(retry), policy_for_programs(provisioning));
  served->guard_ = guard.get();
  auto journal = tpm::JournalLayer::create(std::move(guard), ServedTpm::journal(folder), clock);
  if (!journal) return tl::unexpected(journal.error());
  served->top_ = std::move(*journal);
  served->server_ = std::make_unique<emulator::Server>(*served->top_, served->clock_);
  const std::string path = folder / "tpm";
  auto commands = emulator::Listener::at_path(path);
  if (!commands) return tl::unexpected(commands.error());
  auto control = emulator::Listener::at_path(path + ".ctrl");
  if (!control) return tl::unexpected(control.error());
  served->server_->listen(emulator::Client::Channel::commands, std::move(*commands));
  served->server_->listen(emulator::Client::Channel::control, std::move(*control));
  served->tcti_ = "swtpm:path=" + path;
  return served;
}

void ServedTpm::flush() {
  const std::set<std::uint32_t> left = guard_->own_handles();
  for (const auto handle : left) {
    const auto limit = tpm::time_limit(knowledge::cc::kFlushContext);
    static_cast<void>(top_->transmit(flush_command(handle), target_.clock->now() + limit));
  }
}

}  // namespace tpmprobe::cli
