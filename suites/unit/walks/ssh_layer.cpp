// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "knowledge/command_codes.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {
namespace {

namespace cc = knowledge::cc;
using Lines = std::vector<std::string>;
using Exchanges = std::vector<tpm::JournalEntry>;

tpm::JournalEntry answered(std::uint32_t command, std::uint32_t rc) {
  tpm::JournalEntry entry;
  entry.command = command;
  entry.rc = rc;
  return entry;
}

Blame blame_of(std::string_view program, const Lines& lines, const Exchanges& exchanges) {
  return blame({program, lines, exchanges});
}

TEST(SshLayer, TheRecordedAnswerDecides) {
  const auto blame = blame_of("ssh", {"C_Sign failed: 5"}, {answered(cc::kSign, 0x1d5)});
  EXPECT_EQ(blame.layer, "TPM");
  EXPECT_EQ(blame.rc, 0x1d5u);
  EXPECT_EQ(blame.command, cc::kSign);
  EXPECT_EQ(blame.verdict, Verdict::fail);  // the key was made: a trap
}

TEST(SshLayer, ARefusedCreationIsHonest) {
  const auto blame = blame_of("tpm2_ptool", {}, {answered(cc::kCreate, 0x2c4)});
  EXPECT_EQ(blame.layer, "TPM");
  EXPECT_EQ(blame.verdict, Verdict::unsupported);
}

TEST(SshLayer, QuestionsAreNoFailures) {
  const auto blame = blame_of("tpm2_ptool", {}, {answered(cc::kReadPublic, 0x18b)});
  EXPECT_EQ(blame.layer, "tpm2_ptool");
  EXPECT_FALSE(blame.rc);
}

TEST(SshLayer, WhatTheGuardRefusedIsBlocked) {
  tpm::JournalEntry refused;
  refused.command = cc::kCreate;
  refused.error = 1 + static_cast<std::uint32_t>(Error::Kind::refused);
  const auto blame = blame_of("tpm2_ptool", {}, {refused});
  EXPECT_EQ(blame.verdict, Verdict::blocked);
  EXPECT_EQ(blame.layer, "tpmprobe");
}

TEST(SshLayer, KnownLimitsOfTheMiddlewareAreNamed) {
  EXPECT_EQ(
      blame_of("tpm2_ptool", {"RuntimeError: alg NIST 521 has no EC params mapping"}, {}).layer,
      "tpm2_ptool");
  const auto agent =
      blame_of("ssh-add", {"pkcs11_add_provider: decode key: unknown or unsupported key type"}, {});
  EXPECT_EQ(agent.layer, "OpenSSH");
  EXPECT_EQ(agent.verdict, Verdict::unsupported);
  EXPECT_TRUE(agent.cause);
  EXPECT_TRUE(agent.advice);
}

TEST(SshLayer, WithoutABadAnswerTheTextDecides) {
  EXPECT_EQ(blame_of("ssh", {"C_Login failed: 160"}, {}).layer, "tpm2-pkcs11");
  EXPECT_EQ(blame_of("ssh", {"ERROR:tcti:src/x.c:1:f() no connection"}, {}).layer, "tss2");
  EXPECT_EQ(blame_of("ssh", {"GDBus.Error:org.freedesktop"}, {}).layer, "tpm2-abrmd");
  EXPECT_EQ(blame_of("ssh", {"Permission denied (publickey)."}, {}).layer, "OpenSSH");
}

TEST(SshLayer, SecretsLeaveTheLines) {
  EXPECT_EQ(lines_without("a PIN 1234 and 1234\r\n\nb\n", {"1234"}),
            (Lines{"a PIN (PIN) and (PIN)", "b"}));
}

}  // namespace
}  // namespace tpmprobe::walks
