// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh/store_check.h"

#include <filesystem>

#include "cli/run_facts.h"
#include "cli/ssh/own_session.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/terminal.h"
#include "host/pkcs11/find_store.h"
#include "host/pkcs11/store.h"
#include "walks/store/store_check.h"

namespace tpmprobe::cli {
namespace {

Result no_store(std::string why, std::string advice) {
  Result result;
  result.id = {.family = Family::store, .step = "file"};
  result.title = "The store of tpm2-pkcs11 can be read";
  result.expected = "a store with at least one primary";
  result.verdict = Verdict::blocked;
  result.actual = std::move(why);
  result.advice = std::move(advice);
  return result;
}

std::vector<Result> look_into_store(OwnSession& own) {
  const auto path = host::find_pkcs11_store(process_environment("TPM2_PKCS11_STORE"),
                                            host::home_of_user(process_environment("HOME")),
                                            [](const std::string& file) {
                                              std::error_code no_access;
                                              return std::filesystem::exists(file, no_access);
                                            });
  if (!path) {
    return {no_store("there is no store in ~/.tpm2_pkcs11 and none in /etc/tpm2_pkcs11",
                     "Say where it is: TPM2_PKCS11_STORE.")};
  }
  std::string error;
  const auto store = host::read_pkcs11_store(*path, error);
  if (!store) {
    return {no_store(*path + " cannot be read: " + error,
                     "Put a copy of it back, or say where the store is: TPM2_PKCS11_STORE.")};
  }
  if (store->primaries.empty()) {
    return {no_store(*path + " has no primary", "Make one: tpm2_ptool init.")};
  }
  return walks::check_store({own.session(), own.identity(), *store});
}

}  // namespace

reports::Report check_user_store(Target target, const std::vector<std::string>& arguments) {
  const Beginning beginning;
  const auto& interrupted = catch_interrupts();
  auto report = new_report("ssh", arguments, beginning);
  if (target.emulated) report.emulation = target.emulation;
  auto policy = tpm::default_policy();
  policy.da_protected_own = true;  // primaries as tpm2_ptool makes them lack noDA
  OwnSession own(std::move(target.transport), *target.clock, policy, interrupted, target.name);
  auto results = own.is_open() ? look_into_store(own) : std::vector<Result>{};
  std::move(own).complete(report, std::move(results), beginning);
  return report;
}

}  // namespace tpmprobe::cli
