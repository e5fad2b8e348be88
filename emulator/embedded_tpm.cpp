// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/embedded_tpm.h"

#include <algorithm>
#include <atomic>

#include <fcntl.h>
#include <fmt/format.h>
#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>
#include <libtpms/tpm_memory.h>

#include "knowledge/command_codes.h"
#include "knowledge/rc_values.h"
#include "knowledge/wire.h"
#include "tpm/command_builder.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::uint16_t kClear = 0;  // TPM_SU_CLEAR, Part 2, 6.10

Expected<void> send(tpm::Transport& tpm, std::uint32_t command, tpm::TimePoint deadline,
                    std::uint32_t also_fine) {
  const auto response =
      tpm.transmit(tpm::CommandBuilder(command).parameter(kClear).build(), deadline);
  if (!response) return tl::unexpected(response.error());
  const std::uint32_t rc = knowledge::response_code(*response);
  if (rc == 0 || rc == also_fine) return {};
  return fail(Error::Kind::tpm, command,
              fmt::format("the emulated TPM answered {:#x} to its startup or shutdown", rc), rc);
}

}  // namespace

Expected<void> startup(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, knowledge::cc::kStartup, deadline, knowledge::rc::kInitialize);
}

Expected<void> shutdown(tpm::Transport& tpm, tpm::TimePoint deadline) {
  return send(tpm, knowledge::cc::kShutdown, deadline, 0);
}

namespace {

/// libtpms' callbacks get no context, hence the variables of the process.
NvState nv;
std::uint64_t nv_write_count = 0;
std::uint8_t present_locality = 0;
std::atomic<bool> exists = false;

TPM_RESULT nothing_to_do() {
  return TPM_SUCCESS;
}

TPM_RESULT load(unsigned char** data, std::uint32_t* size, std::uint32_t, const char* name) {
  const auto part = nv.find(name);
  if (part == nv.end()) return TPM_RETRY;
  *size = static_cast<std::uint32_t>(part->second.size());
  const TPM_RESULT allocated = TPM_Malloc(data, *size);
  if (allocated == TPM_SUCCESS) std::ranges::copy(part->second, *data);
  return allocated;
}

TPM_RESULT store(const unsigned char* data, std::uint32_t size, std::uint32_t, const char* name) {
  nv[name].assign(data, data + size);
  ++nv_write_count;
  return TPM_SUCCESS;
}

TPM_RESULT remove(std::uint32_t, const char* name, TPM_BOOL must_exist) {
  const bool existed = nv.erase(name) > 0;
  ++nv_write_count;
  return existed || !must_exist ? TPM_SUCCESS : TPM_FAIL;
}

TPM_RESULT give_locality(TPM_MODIFIER_INDICATOR* locality, std::uint32_t) {
  *locality = present_locality;
  return TPM_SUCCESS;
}

TPM_RESULT nobody_present(TPM_BOOL* present, std::uint32_t) {
  *present = FALSE;
  return TPM_SUCCESS;
}

libtpms_callbacks callbacks() {
  return {.sizeOfStruct = sizeof(libtpms_callbacks),
          .tpm_nvram_init = nothing_to_do,
          .tpm_nvram_loaddata = load,
          .tpm_nvram_storedata = store,
          .tpm_nvram_deletename = remove,
          .tpm_io_init = nothing_to_do,
          .tpm_io_getlocality = give_locality,
          .tpm_io_getphysicalpresence = nobody_present};
}

/// libtpms writes its errors to standard error unless it is given another descriptor; the level
/// only concerns the rest.
void silence() {
  static const tpm::UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  TPMLIB_SetDebugFD(null.get());
  TPMLIB_SetDebugLevel(0);
}

Expected<void> require(TPM_RESULT result, const char* what) {
  if (result == TPM_SUCCESS) return {};
  return fail(Error::Kind::io, 0, fmt::format("libtpms could not {} ({:#x})", what, result));
}

}  // namespace

Expected<std::unique_ptr<EmbeddedTpm>> EmbeddedTpm::create(NvState state) {
  if (exists.exchange(true)) {
    return fail(Error::Kind::no_access, 0,
                "there is already an embedded TPM in this process, and libtpms supports only one");
  }
  std::unique_ptr<EmbeddedTpm> tpm(new EmbeddedTpm);
  nv = std::move(state);
  if (auto on = tpm->power_on(); !on) return tl::unexpected(on.error());
  return tpm;
}

EmbeddedTpm::~EmbeddedTpm() {
  power_off();
  TPM_Free(response_);
  nv.clear();
  present_locality = 0;
  exists = false;
}

Expected<Bytes> EmbeddedTpm::transmit(ByteView command, tpm::TimePoint) {
  std::uint32_t size = 0;
  // libtpms decrypts an encrypted parameter where it stands.
  Bytes octets(command.begin(), command.end());
  const auto count = static_cast<std::uint32_t>(octets.size());
  const TPM_RESULT result = TPMLIB_Process(&response_, &size, &capacity_, octets.data(), count);
  if (result != TPM_SUCCESS) {
    return fail(Error::Kind::io, knowledge::command_code(command),
                fmt::format("libtpms could not process a command ({:#x})", result));
  }
  return Bytes(response_, response_ + size);
}

Expected<void> EmbeddedTpm::power_cycle(PowerOff how) {
  if (how == PowerOff::orderly) {
    if (auto down = shutdown(*this); !down) return down;
  }
  power_off();
  return power_on();
}

bool EmbeddedTpm::set_locality(std::uint8_t locality) {
  constexpr std::uint8_t kHighest = 4;
  if (locality > kHighest) return false;
  present_locality = locality;
  return true;
}

std::uint64_t EmbeddedTpm::nv_writes() const {
  return nv_write_count;
}

NvState EmbeddedTpm::nv_state() const {
  return nv;
}

Expected<void> EmbeddedTpm::restore(NvState state) {
  power_off();
  nv = std::move(state);
  return power_on();
}

Expected<void> EmbeddedTpm::power_on() {
  auto functions = callbacks();
  silence();
  auto on = require(TPMLIB_RegisterCallbacks(&functions), "register its callbacks")
                .and_then([] {
                  return require(TPMLIB_ChooseTPMVersion(TPMLIB_TPM_VERSION_2), "act as a TPM 2.0");
                })
                .and_then([this] {
                  powered_ = true;  // even a failed initialisation has to be terminated
                  return require(TPMLIB_MainInit(), "initialise");
                });
  if (!on) return on;
  return startup(*this);
}

void EmbeddedTpm::power_off() {
  if (powered_) TPMLIB_Terminate();
  powered_ = false;
}

}  // namespace tpmprobe::emulator
