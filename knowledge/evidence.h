// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string_view>

/// What a probe saw, in words that the files of knowledge/quirks recognise defects by. Closed: a
/// file that uses another word is refused.
namespace tpmprobe::knowledge::evidence {

// How an answer was impossible, or did not come (tpm/layers/response_check.h).
inline constexpr std::string_view kAnswerTag = "answer.tag";
inline constexpr std::string_view kAnswerWithoutSessions = "answer.without-sessions";
inline constexpr std::string_view kAnswerTpm12 = "answer.tpm-1.2";
inline constexpr std::string_view kAnswerShortHeader = "answer.short-header";
inline constexpr std::string_view kAnswerCut = "answer.cut";
inline constexpr std::string_view kAnswerParametersCut = "answer.parameters-cut";
inline constexpr std::string_view kAnswerTrailing = "answer.trailing";
inline constexpr std::string_view kAnswerTooLong = "answer.too-long";
inline constexpr std::string_view kAnswerEcho = "answer.echo";
inline constexpr std::string_view kAnswerMalformed = "answer.malformed";
inline constexpr std::string_view kAnswerNone = "answer.none";
inline constexpr std::string_view kConnectionClosed = "connection.closed";
inline constexpr std::string_view kRetried = "retry.some";
inline constexpr std::string_view kRetriedForEver = "retry.for-ever";
inline constexpr std::string_view kTestingForEver = "testing.for-ever";
inline constexpr std::string_view kTested = "testing.some";

// Signatures and keys.
inline constexpr std::string_view kSignatureWrong = "signature.wrong";
inline constexpr std::string_view kSignatureOtherDigest = "signature.other-digest";
inline constexpr std::string_view kIntegerShort = "signature.integer-short";
inline constexpr std::string_view kIntegerLong = "signature.integer-long";
inline constexpr std::string_view kRsaShort = "signature.rsa-short";
inline constexpr std::string_view kSaltMaximum = "salt.maximum";
inline constexpr std::string_view kSaltEmpty = "salt.empty";
inline constexpr std::string_view kSaltRepeats = "salt.repeats";
inline constexpr std::string_view kNonceLowBits = "nonce.low-bits";
inline constexpr std::string_view kNonceShort = "nonce.short";
inline constexpr std::string_view kRoca = "key.roca";
inline constexpr std::string_view kExponent = "key.exponent";
inline constexpr std::string_view kShortModulus = "key.short-modulus";
inline constexpr std::string_view kNameWrong = "key.name";

// Random numbers, digests, clock.
inline constexpr std::string_view kRandomStuck = "random.stuck";
inline constexpr std::string_view kRandomRepeats = "random.repeats";
inline constexpr std::string_view kRandomShort = "random.short";
inline constexpr std::string_view kHashWrong = "hash.wrong";
inline constexpr std::string_view kHashSize = "hash.size";
inline constexpr std::string_view kClockBack = "clock.back";
inline constexpr std::string_view kSlow = "time.slow";

// What the TPM says of itself.
inline constexpr std::string_view kListedCommandRefused = "capability.command-refused";
inline constexpr std::string_view kAlgorithmWithoutCommand = "capability.algorithm-without-command";
inline constexpr std::string_view kNoEncryptDecrypt = "capability.no-encrypt-decrypt";
inline constexpr std::string_view kNoTestParms = "capability.no-test-parms";
inline constexpr std::string_view kNoNvBufferMax = "capability.no-nv-buffer-max";
inline constexpr std::string_view kCurvesRefused = "capability.curves-refused";
inline constexpr std::string_view kNoPcrBank = "pcr.no-bank";
inline constexpr std::string_view kDigestLimit = "capability.digest-limit";

// State and room.
inline constexpr std::string_view kLockout = "state.lockout";
inline constexpr std::string_view kOwnerDisabled = "state.owner-disabled";
inline constexpr std::string_view kOwnerPassword = "state.owner-password";
inline constexpr std::string_view kFailureMode = "state.failure-mode";
inline constexpr std::string_view kNotStarted = "state.not-started";
inline constexpr std::string_view kObjectsFull = "room.objects";
inline constexpr std::string_view kSessionsFull = "room.sessions";
inline constexpr std::string_view kContextGap = "room.context-gap";

inline constexpr std::array kAll{kAnswerTag,
                                 kAnswerWithoutSessions,
                                 kAnswerTpm12,
                                 kAnswerShortHeader,
                                 kAnswerCut,
                                 kAnswerParametersCut,
                                 kAnswerTrailing,
                                 kAnswerTooLong,
                                 kAnswerEcho,
                                 kAnswerMalformed,
                                 kAnswerNone,
                                 kConnectionClosed,
                                 kRetried,
                                 kRetriedForEver,
                                 kTestingForEver,
                                 kTested,
                                 kSignatureWrong,
                                 kSignatureOtherDigest,
                                 kIntegerShort,
                                 kIntegerLong,
                                 kRsaShort,
                                 kSaltMaximum,
                                 kSaltEmpty,
                                 kSaltRepeats,
                                 kNonceLowBits,
                                 kNonceShort,
                                 kRoca,
                                 kExponent,
                                 kShortModulus,
                                 kNameWrong,
                                 kRandomStuck,
                                 kRandomRepeats,
                                 kRandomShort,
                                 kHashWrong,
                                 kHashSize,
                                 kClockBack,
                                 kSlow,
                                 kListedCommandRefused,
                                 kAlgorithmWithoutCommand,
                                 kNoEncryptDecrypt,
                                 kNoTestParms,
                                 kNoNvBufferMax,
                                 kCurvesRefused,
                                 kNoPcrBank,
                                 kDigestLimit,
                                 kLockout,
                                 kOwnerDisabled,
                                 kOwnerPassword,
                                 kFailureMode,
                                 kNotStarted,
                                 kObjectsFull,
                                 kSessionsFull,
                                 kContextGap};

}  // namespace tpmprobe::knowledge::evidence
