// SPDX-License-Identifier: BSD-2-Clause
#include "host/pkcs11/store.h"

#include <charconv>
#include <filesystem>
#include <functional>
#include <memory>

#include <fmt/format.h>
#include <pwd.h>
#include <sqlite3.h>
#include <unistd.h>

namespace tpmprobe::host {

std::optional<std::string> find_pkcs11_store(
    const std::optional<std::string>& variable, const std::string& home,
    const std::function<bool(const std::string& path)>& exists) {
  if (variable && !variable->empty()) return *variable + kStoreFile;
  for (const auto& folder : {std::string("/etc/tpm2_pkcs11"), home + "/.tpm2_pkcs11"}) {
    if (exists(folder + kStoreFile)) return folder + kStoreFile;
  }
  return std::nullopt;
}

std::string home_of_user(const std::optional<std::string>& variable) {
  if (variable && !variable->empty()) return *variable;
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_dir : "/";
}

namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

std::string text_at(sqlite3_stmt* row, int column) {
  const auto* text = sqlite3_column_text(row, column);
  return text != nullptr ? reinterpret_cast<const char*>(text) : "";
}

Bytes octets_at(sqlite3_stmt* row, int column) {
  const auto* octets = static_cast<const std::uint8_t*>(sqlite3_column_blob(row, column));
  const auto size = sqlite3_column_bytes(row, column);
  return octets != nullptr ? Bytes(octets, octets + size) : Bytes{};
}

/// Calls `use` with each row; false if the question makes no sense to this file.
bool ask(sqlite3* database, const char* question, const std::function<void(sqlite3_stmt*)>& use) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, question, -1, &raw, nullptr) != SQLITE_OK) return false;
  const Statement statement(raw);
  int state = SQLITE_ROW;
  while ((state = sqlite3_step(raw)) == SQLITE_ROW) use(raw);
  return state == SQLITE_DONE;
}

/// The value that follows a key in the YAML of the store: `? !!str "KEY"`, `: !!TYPE "VALUE"`.
std::string value_of(const std::string& yaml, const std::string& key) {
  const auto pair = "\"" + key + "\"\n  : !!";
  const auto at = yaml.find(pair);
  if (at == std::string::npos) return "";
  const auto open = yaml.find('"', at + pair.size());
  const auto close = open == std::string::npos ? open : yaml.find('"', open + 1);
  return close == std::string::npos ? "" : yaml.substr(open + 1, close - open - 1);
}

std::optional<std::uint32_t> hex_number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, 16);
  return read.ec == std::errc{} && read.ptr == end ? std::optional(value) : std::nullopt;
}

/// Esys_TR_Serialize: TPM handle, then TPM2B_NAME.
StorePrimary primary_of(const std::string& config) {
  StorePrimary primary;
  primary.transient = value_of(config, "transient") == "true";
  primary.template_name = value_of(config, "template-name");
  const auto object = value_of(config, "esys-tr");
  constexpr std::size_t kHandle = 8, kSize = 4;
  if (object.size() < kHandle + kSize) return primary;
  primary.handle = hex_number(std::string_view(object).substr(0, kHandle));
  const auto size = hex_number(std::string_view(object).substr(kHandle, kSize)).value_or(0);
  primary.name = object.substr(kHandle + kSize, std::size_t{size} * 2);
  return primary;
}

std::string text_from_hex(const std::string& digits) {
  std::string text;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    text += static_cast<char>(hex_number(std::string_view(digits).substr(i, 2)).value_or('?'));
  }
  return text;
}

/// CKA_CLASS (0) is CKO_PRIVATE_KEY (3); CKA_LABEL is 3 (PKCS#11, 4.2 and 10.4).
std::optional<std::string> private_key_label(const std::string& attributes) {
  if (value_of(attributes, "0") != "3") return std::nullopt;
  return text_from_hex(value_of(attributes, "3"));
}

/// CKA_ALLOWED_MECHANISMS is a sequence of numbers in a store of schema 8.
bool has_string_mechanisms(const std::string& attributes) {
  return attributes.find("\"1073743360\"\n  : !!str") != std::string::npos;
}

constexpr std::uintmax_t kLargestFile = std::uintmax_t{64} << 20U;

/// What is no store, by its looks: opening a FIFO would wait for ever.
std::optional<std::string> why_not_read(const std::string& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error) return error.message();
  if (!std::filesystem::is_regular_file(status)) return "it is not a regular file";
  const auto size = std::filesystem::file_size(file, error);
  if (error) return error.message();
  if (size > kLargestFile) return "it is too large to be a store";
  return std::nullopt;
}

/// A path in a URI of SQLite, in which '?' begins the query and '#' the fragment.
std::string uri_path(const std::string& path) {
  std::string encoded;
  for (const char c : path) {
    encoded += c == '%' || c == '?' || c == '#'
                   ? fmt::format("%{:02x}", static_cast<unsigned char>(c))
                   : std::string(1, c);
  }
  return encoded;
}

constexpr int kStepsOfRound = 1000, kMostRounds = 2000;

/// The file may be anybody's: no view of it runs functions, no question is answered for ever.
void distrust(sqlite3* database, int& budget) {
  constexpr int kLongestValue = 1 << 20;
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_progress_handler(
      database, kStepsOfRound, [](void* left) { return --*static_cast<int*>(left) <= 0 ? 1 : 0; },
      &budget);
}

constexpr const char* kTokens =
    "SELECT label, config FROM tokens WHERE label IS NOT NULL AND pid = ";
constexpr const char* kKeys =
    "SELECT t.label, o.attrs FROM tobjects o JOIN tokens t ON o.tokid = t.id WHERE t.pid = ";

// The security officer's is always there, the user's is not.
constexpr const char* kSealed =
    "SELECT t.label, s.sopub, s.sopriv FROM sealobjects s JOIN tokens t ON s.tokid = t.id "
    "WHERE t.pid = ";

void read_primary(sqlite3* database, sqlite3_stmt* row, Pkcs11Store& store) {
  auto primary = primary_of(text_at(row, 1));
  primary.id = sqlite3_column_int(row, 0);
  primary.has_auth = !text_at(row, 2).empty();
  const auto id = std::to_string(primary.id);
  ask(database, (kTokens + id).c_str(), [&](sqlite3_stmt* token) {
    primary.tokens.push_back({text_at(token, 0), value_of(text_at(token, 1), "tcti")});
  });
  ask(database, (kKeys + id).c_str(), [&](sqlite3_stmt* object) {
    const auto attributes = text_at(object, 1);
    store.string_mechanisms |= has_string_mechanisms(attributes);
    if (const auto label = private_key_label(attributes)) {
      primary.keys.push_back(text_at(object, 0) + "/" + *label);
    }
  });
  ask(database, (kSealed + id).c_str(), [&](sqlite3_stmt* sealed) {
    primary.sealed.push_back({text_at(sealed, 0), octets_at(sealed, 1), octets_at(sealed, 2)});
  });
  store.primaries.push_back(std::move(primary));
}

}  // namespace

std::optional<Pkcs11Store> read_pkcs11_store(const std::string& file, std::string& error) {
  if (const auto why = why_not_read(file)) {
    error = *why;
    return std::nullopt;
  }
  sqlite3* raw = nullptr;
  // immutable: no lock and no journal, so that nothing is written beside it.
  const auto name = "file:" + uri_path(file) + "?immutable=1";
  const int opened =
      sqlite3_open_v2(name.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  const Database database(raw);
  int budget = kMostRounds;
  if (opened == SQLITE_OK) distrust(raw, budget);
  Pkcs11Store store;
  const bool read = opened == SQLITE_OK &&
                    ask(raw, "SELECT schema_version FROM schema",
                        [&](sqlite3_stmt* row) { store.schema = sqlite3_column_int(row, 0); }) &&
                    ask(raw, "SELECT id, config, objauth FROM pobjects",
                        [&](sqlite3_stmt* row) { read_primary(raw, row, store); });
  if (read && budget > 0) return store;
  error = budget > 0 ? sqlite3_errmsg(raw) : "reading it takes too long";
  return std::nullopt;
}

}  // namespace tpmprobe::host
