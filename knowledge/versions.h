// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

// What is known of versions that do not go together, from versions.json.

/// The schema of the store that a version of tpm2-pkcs11 writes.
struct StoreSchema {
  std::string_view version;
  int schema = 0;
};

/// Versions of tpm2-pkcs11 that fail to upgrade a store of an older schema if one of its keys has
/// its mechanisms (CKA_ALLOWED_MECHANISMS) as one string.
struct BrokenUpgrade {
  std::string_view from, below;
  int schema_below = 0;
};

/// A package by the start of its name, with one limit of its version; the other is empty.
struct VersionRange {
  std::string_view package, from, below;
};

/// Two packages that do not go together.
struct VersionPair {
  VersionRange first, second;
  std::string_view says;  ///< what goes wrong, one clause
  std::string_view fix;
};

/// All rows of each table; schemas by ascending version.
std::span<const StoreSchema> store_schemas();
std::span<const BrokenUpgrade> broken_upgrades();
std::span<const VersionPair> version_pairs();

/// Compares by numbers: "1.10" is after "1.9.1-0.1+deb12u1". An epoch ("1:") is no part of it, and
/// what follows the upstream version neither.
std::strong_ordering compare_versions(std::string_view one, std::string_view other);

/// Whether a version is in a range; an empty limit is none.
bool is_between(std::string_view version, std::string_view from, std::string_view below);

/// The least and the greatest schema that this version of tpm2-pkcs11 may write; they differ where
/// nobody looked, and the greatest is nullopt after the last version that somebody looked at.
struct SchemaRange {
  int least = 0;
  std::optional<int> most;
};
SchemaRange store_schema_of(std::string_view version);

}  // namespace tpmprobe::knowledge
