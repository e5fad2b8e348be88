// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace tpmprobe::knowledge {

/// The values of TPM_PT (TPM 2.0 Part 2, clause 6.13) under the names of Part 2: kPtMaxDigest is
/// TPM_PT_MAX_DIGEST. The build compares them with properties.json, where each is explained.
/// Fixed properties start at 0x100, variable ones at 0x200.
inline constexpr std::uint32_t kPtFixed = 0x100;
inline constexpr std::uint32_t kPtVar = 0x200;

inline constexpr std::uint32_t kPtFamilyIndicator = 0x100;
inline constexpr std::uint32_t kPtLevel = 0x101;
inline constexpr std::uint32_t kPtRevision = 0x102;
inline constexpr std::uint32_t kPtDayOfYear = 0x103;
inline constexpr std::uint32_t kPtYear = 0x104;
inline constexpr std::uint32_t kPtManufacturer = 0x105;
inline constexpr std::uint32_t kPtVendorString1 = 0x106;
inline constexpr std::uint32_t kPtVendorString2 = 0x107;
inline constexpr std::uint32_t kPtVendorString3 = 0x108;
inline constexpr std::uint32_t kPtVendorString4 = 0x109;
inline constexpr std::uint32_t kPtVendorTpmType = 0x10a;
inline constexpr std::uint32_t kPtFirmwareVersion1 = 0x10b;
inline constexpr std::uint32_t kPtFirmwareVersion2 = 0x10c;
inline constexpr std::uint32_t kPtInputBuffer = 0x10d;
inline constexpr std::uint32_t kPtHrTransientMin = 0x10e;
inline constexpr std::uint32_t kPtHrPersistentMin = 0x10f;
inline constexpr std::uint32_t kPtHrLoadedMin = 0x110;
inline constexpr std::uint32_t kPtActiveSessionsMax = 0x111;
inline constexpr std::uint32_t kPtPcrCount = 0x112;
inline constexpr std::uint32_t kPtPcrSelectMin = 0x113;
inline constexpr std::uint32_t kPtContextGapMax = 0x114;
inline constexpr std::uint32_t kPtNvCountersMax = 0x116;
inline constexpr std::uint32_t kPtNvIndexMax = 0x117;
inline constexpr std::uint32_t kPtMemory = 0x118;
inline constexpr std::uint32_t kPtClockUpdate = 0x119;
inline constexpr std::uint32_t kPtContextHash = 0x11a;
inline constexpr std::uint32_t kPtContextSym = 0x11b;
inline constexpr std::uint32_t kPtContextSymSize = 0x11c;
inline constexpr std::uint32_t kPtOrderlyCount = 0x11d;
inline constexpr std::uint32_t kPtMaxCommandSize = 0x11e;
inline constexpr std::uint32_t kPtMaxResponseSize = 0x11f;
inline constexpr std::uint32_t kPtMaxDigest = 0x120;
inline constexpr std::uint32_t kPtMaxObjectContext = 0x121;
inline constexpr std::uint32_t kPtMaxSessionContext = 0x122;
inline constexpr std::uint32_t kPtPsFamilyIndicator = 0x123;
inline constexpr std::uint32_t kPtPsLevel = 0x124;
inline constexpr std::uint32_t kPtPsRevision = 0x125;
inline constexpr std::uint32_t kPtPsDayOfYear = 0x126;
inline constexpr std::uint32_t kPtPsYear = 0x127;
inline constexpr std::uint32_t kPtSplitMax = 0x128;
inline constexpr std::uint32_t kPtTotalCommands = 0x129;
inline constexpr std::uint32_t kPtLibraryCommands = 0x12a;
inline constexpr std::uint32_t kPtVendorCommands = 0x12b;
inline constexpr std::uint32_t kPtNvBufferMax = 0x12c;
inline constexpr std::uint32_t kPtModes = 0x12d;
inline constexpr std::uint32_t kPtMaxCapBuffer = 0x12e;
inline constexpr std::uint32_t kPtFirmwareSvn = 0x12f;
inline constexpr std::uint32_t kPtFirmwareMaxSvn = 0x130;

inline constexpr std::uint32_t kPtPermanent = 0x200;
inline constexpr std::uint32_t kPtStartupClear = 0x201;
inline constexpr std::uint32_t kPtHrNvIndex = 0x202;
inline constexpr std::uint32_t kPtHrLoaded = 0x203;
inline constexpr std::uint32_t kPtHrLoadedAvail = 0x204;
inline constexpr std::uint32_t kPtHrActive = 0x205;
inline constexpr std::uint32_t kPtHrActiveAvail = 0x206;
inline constexpr std::uint32_t kPtHrTransientAvail = 0x207;
inline constexpr std::uint32_t kPtHrPersistent = 0x208;
inline constexpr std::uint32_t kPtHrPersistentAvail = 0x209;
inline constexpr std::uint32_t kPtNvCounters = 0x20a;
inline constexpr std::uint32_t kPtNvCountersAvail = 0x20b;
inline constexpr std::uint32_t kPtAlgorithmSet = 0x20c;
inline constexpr std::uint32_t kPtLoadedCurves = 0x20d;
inline constexpr std::uint32_t kPtLockoutCounter = 0x20e;
inline constexpr std::uint32_t kPtMaxAuthFail = 0x20f;
inline constexpr std::uint32_t kPtLockoutInterval = 0x210;
inline constexpr std::uint32_t kPtLockoutRecovery = 0x211;
inline constexpr std::uint32_t kPtNvWriteRecovery = 0x212;
inline constexpr std::uint32_t kPtAuditCounter0 = 0x213;
inline constexpr std::uint32_t kPtAuditCounter1 = 0x214;

/// The values of TPM_PT_PCR (Part 2, clause 6.14), likewise.
inline constexpr std::uint32_t kPtPcrSave = 0x00;
inline constexpr std::uint32_t kPtPcrExtendL0 = 0x01;
inline constexpr std::uint32_t kPtPcrResetL0 = 0x02;
inline constexpr std::uint32_t kPtPcrExtendL1 = 0x03;
inline constexpr std::uint32_t kPtPcrResetL1 = 0x04;
inline constexpr std::uint32_t kPtPcrExtendL2 = 0x05;
inline constexpr std::uint32_t kPtPcrResetL2 = 0x06;
inline constexpr std::uint32_t kPtPcrExtendL3 = 0x07;
inline constexpr std::uint32_t kPtPcrResetL3 = 0x08;
inline constexpr std::uint32_t kPtPcrExtendL4 = 0x09;
inline constexpr std::uint32_t kPtPcrResetL4 = 0x0a;
inline constexpr std::uint32_t kPtPcrNoIncrement = 0x11;
inline constexpr std::uint32_t kPtPcrDrtmReset = 0x12;
inline constexpr std::uint32_t kPtPcrPolicy = 0x13;
inline constexpr std::uint32_t kPtPcrAuth = 0x14;

}  // namespace tpmprobe::knowledge
