// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "result/result.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/objects.h"
#include "tpm/layers/record_layer.h"

namespace tpmprobe::probes {

/// What became of one key template, found out once per run.
struct KeyRecord {
  tpm::KeyTemplate key;
  /// TPM2_TestParms for it; nullopt if the TPM has no such command.
  std::optional<Expected<void>> test_parms;
  /// nullopt: not tried, because the run is quick and RSA generation of this size is slow.
  std::optional<Expected<tpm::KeyBlob>> blob;
  std::optional<double> keygen_ms;
};

/// The keys of a run: each template is generated once and shared by every probe that needs it. At
/// most two objects are in the TPM at a time, the transient primary and one key.
class KeyStore {
 public:
  struct Options {
    bool owner_auth_set = false;  ///< then the primary is made under the NULL hierarchy
    bool has_p256 = true;         ///< else the primary is RSA-2048
    bool has_test_parms = true;
    std::uint16_t rsa_limit = 0;  ///< no RSA generation above this size; 0: no limit
  };

  KeyStore(tpm::Session& session, const tpm::Recorder& recorder, Options options);

  /// The transient primary; made at the first call.
  Expected<tpm::Object*> parent();

  /// The record of this template; made at the first call. The reference stays good.
  const KeyRecord& record(const tpm::KeyTemplate& key);

  /// The key, loaded; whatever other key was loaded is flushed. Fails as its creation failed.
  Expected<tpm::Object*> loaded(const tpm::KeyTemplate& key);

  /// Name of the fixed-template ECC primary under the owner hierarchy, if that is what `parent` is.
  [[nodiscard]] std::optional<Bytes> owner_primary_name();

  /// Flushes the loaded key, so that a probe which loads an object of its own needs no third slot.
  /// `loaded` loads it again.
  void release_key();

  /// Flushes what is loaded; what the destructor would do, with the answers.
  Expected<void> flush();

 private:
  Expected<tpm::Object> make_parent();
  void generate(KeyRecord& record);

  tpm::Session& session_;
  const tpm::Recorder& recorder_;
  Options options_;
  std::optional<Expected<tpm::Object>> parent_;
  tpm::Hierarchy parent_hierarchy_ = tpm::Hierarchy::owner;
  std::optional<tpm::Object> loaded_;
  tpm::KeyTemplate loaded_template_;
  std::deque<KeyRecord> records_;  // a deque: references stay good
};

/// What a running probe may use.
struct Workbench {
  tpm::Session& session;
  const tpm::Recorder& recorder;
  const tpm::CapabilityReading& reading;
  const Identity& identity;
  KeyStore& keys;
  const std::string& openssh;  ///< "OpenSSH_9.2p1", empty if it is not installed
  /// Object slots that were freed after `reading` was made (leftovers of earlier runs).
  std::uint32_t slots_regained = 0;

  [[nodiscard]] const knowledge::Capabilities& capabilities() const { return reading.capabilities; }
};

}  // namespace tpmprobe::probes
