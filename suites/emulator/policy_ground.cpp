// SPDX-License-Identifier: BSD-2-Clause
// Policies and sessions on a real TPM: what the families that seal and that use sessions stand on.
#include <gmock/gmock.h>

#include "emulator/embedded_tpm.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "suites/emulator/quirk_support.h"
#include "suites/support/raw_commands.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/objects.h"
#include "tpm/commands/policy.h"
#include "tpm/commands/services.h"
#include "tpm/commands/sessions.h"
#include "tpm/commands/signing.h"
#include "tpm/leftovers.h"

namespace tpmprobe::suites {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using tpm::Auth;
using tpm::AuthSession;
using tpm::Object;

constexpr std::uint8_t kPcr = 16;  // the debug PCR: anyone may extend it
const Bytes kSecret{'s', 'e', 'c', 'r', 'e', 't'};
const Bytes kPassword{'p'};

/// A stack that ends at a TPM which lives longer than it.
class Cable final : public tpm::Transport {
 public:
  Cable(tpm::Transport& tpm, const bool& cut) : tpm_(tpm), cut_(cut) {}
  Expected<Bytes> transmit(ByteView command, tpm::TimePoint deadline) override {
    if (cut_) return fail(Error::Kind::closed, 0, "the process was killed");
    return tpm_.transmit(command, deadline);
  }

 private:
  tpm::Transport& tpm_;
  const bool& cut_;
};

/// A run of tpmprobe: its guard and its session.
struct OneRun {
  OneRun(tpm::Transport& tpm, const bool& cut)
      : guard(new tpm::Guard(std::make_unique<Cable>(tpm, cut))),
        session(tpm::Session::open(tpm::TransportPtr(guard)).value()) {}
  tpm::Guard* guard;
  tpm::Session session;
};

class PolicyGround : public testing::Test {
 protected:
  void SetUp() override {
    auto made = emulator::EmbeddedTpm::create();
    ASSERT_TRUE(made) << made.error().message;
    tpm_ = std::move(*made);
    run_.emplace(*tpm_, killed_);
    auto parent = create_primary(
        session(), tpm::Hierarchy::owner,
        {.curve = knowledge::curve::kNistP256, .use = tpm::KeyUse::storage, .scheme = {}});
    ASSERT_TRUE(parent) << parent.error().message;
    parent_.emplace(std::move(*parent));
  }

  tpm::Session& session() { return run_->session; }

  AuthSession start(tpm::SessionKind kind) {
    auto started = start_session(session(), {.kind = kind});
    return std::move(started.value());
  }

  /// A policy session in which the PCR has its present value, or that with this digest.
  AuthSession pcr_session(tpm::SessionKind kind = tpm::SessionKind::policy) {
    AuthSession policy = start(kind);
    EXPECT_TRUE(policy_pcr(session(), policy, {.pcrs = {kPcr}}));
    return policy;
  }

  static tpm::KeyTemplate sealed(Bytes policy) {
    return {.type = tpm::KeyTemplate::Type::keyed_hash,
            .use = tpm::KeyUse::seal,
            .scheme = {},
            .policy = std::move(policy),
            .user_with_auth = false};
  }

  Bytes pcr_policy() {
    AuthSession trial = pcr_session(tpm::SessionKind::trial);
    return policy_digest(session(), trial).value();
  }

  Object make(const tpm::KeyTemplate& key, const tpm::Sensitive& sensitive = {},
              const Auth& auth = {}) {
    auto blob = create(session(), *parent_, key, sensitive, auth);
    EXPECT_TRUE(blob) << blob.error().message << blob.error().rc;
    auto object = load(session(), *parent_, blob.value());
    return std::move(object.value());
  }

  void extend_pcr() {
    const Bytes extend = message(0x8002, 0x182,
                                 "00000010 00000009 40000009 0000 01 0000 00000001 000b"
                                 "0123456789abcdef0123456789abcdef"
                                 "0123456789abcdef0123456789abcdef");
    ASSERT_EQ(raw::code(tpm_->transmit(extend, tpm::kNoDeadline).value()), 0U);
  }

  /// Without sending another octet, as kill -9 ends a process; then the next one starts.
  void kill_run() {
    killed_ = true;
    parent_.reset();
    run_.reset();
    killed_ = false;
    run_.emplace(*tpm_, killed_);
  }

  knowledge::HandleLists handles() { return read_capabilities(session()).capabilities.handles; }

  std::unique_ptr<emulator::EmbeddedTpm> tpm_;
  bool killed_ = false;
  std::optional<OneRun> run_;
  std::optional<Object> parent_;
};

TEST_F(PolicyGround, UnsealsUnderTheRightPcrOnly) {
  Object object = make(sealed(pcr_policy()), {.auth = {}, .data = kSecret});
  AuthSession policy = pcr_session();
  EXPECT_EQ(unseal(session(), object, {.session = &policy}), kSecret);
  EXPECT_FALSE(unseal(session(), object)) << "there is no password";
  extend_pcr();
  AuthSession later = pcr_session();
  const auto refused = unseal(session(), object, {.session = &later});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rc, 0x99dU) << "TPM_RC_POLICY_FAIL of session 1";
}

TEST_F(PolicyGround, APolicyMayAskForThePassword) {
  AuthSession trial = start(tpm::SessionKind::trial);
  ASSERT_TRUE(policy_auth_value(session(), trial));
  ASSERT_TRUE(policy_command_code(session(), trial, knowledge::cc::kUnseal));
  Object object =
      make(sealed(policy_digest(session(), trial).value()), {.auth = kPassword, .data = kSecret});
  AuthSession policy = start(tpm::SessionKind::policy);
  const auto satisfy = [&] {
    ASSERT_TRUE(policy_auth_value(session(), policy));
    ASSERT_TRUE(policy_command_code(session(), policy, knowledge::cc::kUnseal));
  };
  satisfy();
  EXPECT_EQ(unseal(session(), object, {.value = kPassword, .session = &policy}), kSecret);
  satisfy();
  EXPECT_FALSE(unseal(session(), object, {.value = kSecret, .session = &policy}));
}

TEST_F(PolicyGround, ARestartedPolicyIsThatOfNoCondition) {
  AuthSession policy = pcr_session();
  EXPECT_NE(policy_digest(session(), policy), Bytes(32));
  ASSERT_TRUE(policy_restart(session(), policy));
  EXPECT_EQ(policy_digest(session(), policy), Bytes(32));
}

TEST_F(PolicyGround, AnHmacSessionAuthorizesAndGoesOn) {
  auto started = start_session(session(), {.encryption = true, .salt = &*parent_});
  ASSERT_TRUE(started) << started.error().message;
  ASSERT_TRUE(started->set_attributes(knowledge::kSessionEncrypt | knowledge::kSessionDecrypt));
  Object object =
      make({.type = tpm::KeyTemplate::Type::keyed_hash, .use = tpm::KeyUse::seal, .scheme = {}},
           {.auth = kPassword, .data = kSecret}, {.session = &*started});
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(unseal(session(), object, {.value = kPassword, .session = &*started}), kSecret);
  EXPECT_FALSE(unseal(session(), object, {.value = kSecret, .session = &*started}));
}

TEST_F(PolicyGround, APolicyOpensASigningKeyToo) {
  Object key = make({.curve = knowledge::curve::kNistP256,
                     .scheme = {},
                     .policy = pcr_policy(),
                     .user_with_auth = false});
  AuthSession policy = pcr_session();
  const tpm::Scheme scheme{knowledge::alg::kEcdsa, knowledge::alg::kSha256};
  EXPECT_TRUE(sign(session(), key, scheme, Bytes(32), {.session = &policy}));
  EXPECT_FALSE(sign(session(), key, scheme, Bytes(32)));
}

TEST_F(PolicyGround, SessionsEndThemselves) {
  {
    AuthSession first = start(tpm::SessionKind::policy);
    AuthSession second = start(tpm::SessionKind::hmac);
    EXPECT_THAT(*handles().loaded_session, SizeIs(2));
    first = std::move(second);
    EXPECT_THAT(*handles().loaded_session, SizeIs(1));
  }
  EXPECT_THAT(*handles().loaded_session, IsEmpty());
}

TEST_F(PolicyGround, ASessionWhoseNoncesAreLostIsStillFlushed) {
  AuthSession lost = start(tpm::SessionKind::hmac);
  killed_ = true;
  EXPECT_FALSE(tpm::get_random(session(), 1));
  killed_ = false;
  const auto used = unseal(session(), *parent_, {.session = &lost});
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().kind, Error::Kind::tss);
  EXPECT_TRUE(lost.end());
  EXPECT_THAT(*handles().loaded_session, IsEmpty());
}

TEST_F(PolicyGround, APrimaryWithAPolicyIsNotMade) {
  const auto made = create_primary(session(), tpm::Hierarchy::owner, sealed(pcr_policy()));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, Error::Kind::tss);
}

TEST_F(PolicyGround, WhatAKilledRunLeftIsKnownAndFlushed) {
  Object object = make(sealed(pcr_policy()), {.auth = {}, .data = kSecret});
  AuthSession policy = pcr_session();
  kill_run();
  ASSERT_THAT(*handles().transient, SizeIs(2));
  const auto left = tpm::clear_leftovers(session(), *run_->guard, handles(), {});
  ASSERT_TRUE(left) << left.error().message;
  EXPECT_THAT(left->flushed, SizeIs(2));
  EXPECT_THAT(left->sessions, ElementsAre(policy.handle()));
  EXPECT_THAT(*handles().transient, IsEmpty());
  EXPECT_THAT(*handles().loaded_session, IsEmpty());
}

TEST_F(PolicyGround, WithAnotherRunAliveNothingIsFlushed) {
  Object object = make(sealed(pcr_policy()), {.auth = {}, .data = kSecret});
  AuthSession policy = pcr_session();
  kill_run();
  const auto left = tpm::clear_leftovers(session(), *run_->guard, handles(), {.alone = false});
  ASSERT_TRUE(left);
  EXPECT_THAT(left->of_another, SizeIs(2));
  EXPECT_THAT(*handles().loaded_session, SizeIs(1));
}

TEST_F(PolicyGround, SessionsOfOthersAreLeftAlone) {
  ASSERT_TRUE(parent_->flush());
  const Bytes start =
      message(0x8001, 0x176, "40000007 40000007 0010" + std::string(32, '1') + "0000 00 0010 000b");
  ASSERT_EQ(raw::code(tpm_->transmit(start, tpm::kNoDeadline).value()), 0U);
  const auto left = tpm::clear_leftovers(session(), *run_->guard, handles(), {});
  ASSERT_TRUE(left);
  EXPECT_THAT(left->sessions, IsEmpty());
  EXPECT_THAT(*handles().loaded_session, SizeIs(1));
}

}  // namespace
}  // namespace tpmprobe::suites
