// SPDX-License-Identifier: BSD-2-Clause
#include "probes/workbench.h"

#include <algorithm>
#include <utility>

#include "knowledge/algorithm_ids.h"
#include "probes/judge.h"
#include "tpm/commands/signing.h"

namespace tpmprobe::probes {
namespace {

namespace curve = knowledge::curve;

tpm::KeyTemplate storage_key(bool ecc) {
  tpm::KeyTemplate key;
  key.use = tpm::KeyUse::storage;
  if (ecc) {
    key.curve = curve::kNistP256;
  } else {
    key.type = tpm::KeyTemplate::Type::rsa;
    key.key_bits = 2048;
  }
  return key;
}

}  // namespace

KeyStore::KeyStore(tpm::Session& session, const tpm::Recorder& recorder, Options options)
    : session_(session), recorder_(recorder), options_(options) {
  if (options_.owner_auth_set) parent_hierarchy_ = tpm::Hierarchy::null;
}

Expected<tpm::Object> KeyStore::make_parent() {
  auto made = create_primary(session_, parent_hierarchy_, storage_key(options_.has_p256));
  const bool owner_refused =
      !made && made.error().kind == Error::Kind::tpm && parent_hierarchy_ == tpm::Hierarchy::owner;
  if (!owner_refused || is_resource_shortage(made.error())) return made;
  // Disabled, or with a policy of somebody's: the NULL hierarchy always is there.
  parent_hierarchy_ = tpm::Hierarchy::null;
  return create_primary(session_, parent_hierarchy_, storage_key(options_.has_p256));
}

Expected<tpm::Object*> KeyStore::parent() {
  if (!parent_) parent_ = make_parent();
  if (!*parent_) return tl::unexpected(parent_->error());
  return &**parent_;
}

void KeyStore::generate(KeyRecord& record) {
  if (options_.has_test_parms) record.test_parms = test_parms(session_, record.key);
  const bool slow = record.key.type == tpm::KeyTemplate::Type::rsa && options_.rsa_limit != 0 &&
                    record.key.key_bits > options_.rsa_limit;
  if (slow) return;
  auto primary = parent();
  if (!primary) {
    record.blob = tl::unexpected(primary.error());
    return;
  }
  release_key();  // TPM2_Create may take a slot for a moment: there must be two, not three
  record.blob = create(session_, **primary, record.key);
  if (*record.blob) record.keygen_ms = tpm::milliseconds(recorder_.last_duration());
}

void KeyStore::release_key() {
  if (loaded_) static_cast<void>(loaded_->flush());
  loaded_.reset();
}

const KeyRecord& KeyStore::record(const tpm::KeyTemplate& key) {
  const auto known = std::find_if(records_.begin(), records_.end(),
                                  [&](const KeyRecord& record) { return record.key == key; });
  if (known != records_.end()) return *known;
  KeyRecord& fresh = records_.emplace_back();
  fresh.key = key;
  generate(fresh);
  return fresh;
}

Expected<tpm::Object*> KeyStore::loaded(const tpm::KeyTemplate& key) {
  if (loaded_ && loaded_template_ == key) return &*loaded_;
  const KeyRecord& made = record(key);
  if (!made.blob) return fail(Error::Kind::refused, 0, "not generated in a quick run");
  if (!*made.blob) return tl::unexpected(made.blob->error());
  release_key();
  auto primary = parent();
  if (!primary) return tl::unexpected(primary.error());
  auto object = load(session_, **primary, **made.blob);
  if (!object) return tl::unexpected(object.error());
  loaded_ = std::move(*object);
  loaded_template_ = key;
  return &*loaded_;
}

std::optional<Bytes> KeyStore::owner_primary_name() {
  const bool there =
      parent_ && *parent_ && options_.has_p256 && parent_hierarchy_ == tpm::Hierarchy::owner;
  if (!there) return std::nullopt;
  auto name = (*parent_)->name();
  return name ? std::optional(std::move(*name)) : std::nullopt;
}

Expected<void> KeyStore::flush() {
  Expected<void> key = loaded_ ? loaded_->flush() : Expected<void>{};
  Expected<void> primary = parent_ && *parent_ ? (*parent_)->flush() : Expected<void>{};
  loaded_.reset();
  parent_.reset();
  return key ? primary : key;
}

}  // namespace tpmprobe::probes
