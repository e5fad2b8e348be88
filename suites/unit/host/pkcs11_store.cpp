// SPDX-License-Identifier: BSD-2-Clause
// Stores of anybody: whatever they hold, reading them ends, soon, and with a reason.
#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "host/pkcs11/store.h"
#include "suites/support/waiting.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::host {
namespace {

using ::testing::HasSubstr;

class Pkcs11StoreFile : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name = "store") const {
    return folder_.path() / name;
  }

  void make(const std::string& sql, const std::string& name = "store") const {
    const auto made = tpm::run_process({"sqlite3", path(name), sql}, suites::patiently());
    ASSERT_TRUE(made && made->status.succeeded()) << (made ? made->errors : made.error().message);
  }

  [[nodiscard]] std::string error_of(const std::string& file) const {
    std::string error;
    return read_pkcs11_store(file, error) ? "it was read" : error;
  }

  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

const std::string kEmpty =
    "CREATE TABLE tokens(id INTEGER, pid INTEGER, label TEXT, config TEXT);"
    "CREATE TABLE tobjects(id INTEGER, tokid INTEGER, attrs TEXT);"
    "CREATE TABLE sealobjects(tokid INTEGER, sopub BLOB, sopriv BLOB);"
    "CREATE TABLE pobjects(id INTEGER, hierarchy TEXT, config TEXT, objauth TEXT);"
    "CREATE TABLE schema(id INTEGER, schema_version INTEGER); INSERT INTO schema VALUES(1, 8);";

TEST_F(Pkcs11StoreFile, WhatIsNoRegularFileIsNotOpened) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(error_of(path()), "it is not a regular file");
  EXPECT_EQ(error_of(folder_.path()), "it is not a regular file");
  EXPECT_EQ(error_of(path("none")), "No such file or directory");
}

TEST_F(Pkcs11StoreFile, AQuestionWithoutEndIsEnded) {
  make(
      "CREATE VIEW schema AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
      "SELECT x AS schema_version FROM c");
  EXPECT_EQ(error_of(path()), "reading it takes too long");
}

TEST_F(Pkcs11StoreFile, TablesThatAreMissingAreNamed) {
  make("CREATE TABLE other(x)");
  EXPECT_THAT(error_of(path()), HasSubstr("no such table: schema"));
}

TEST_F(Pkcs11StoreFile, ItsNameMayHaveTheCharactersOfAUri) {
  for (const std::string name : {"a?b", "a#b", "a%41b", "a b"}) {
    make(kEmpty, name);
    EXPECT_EQ(error_of(path(name)), "it was read") << name;
  }
}

TEST_F(Pkcs11StoreFile, OddValuesMakeNoPrimary) {
  make(kEmpty +
       "INSERT INTO pobjects VALUES(1, 5, x'ff00', NULL), (2, NULL, NULL, 'secret'), "
       "(3, 'o', '? !!str \"esys-tr\"\n  : !!str \"81\"', '');"
       "INSERT INTO tokens VALUES(1, 2, NULL, NULL), (2, 2, x'00ff', 7);"
       "INSERT INTO tobjects VALUES(1, 2, 12), (2, 2, NULL);"
       "INSERT INTO sealobjects VALUES(2, NULL, 'text')");
  std::string error;
  const auto store = read_pkcs11_store(path(), error);
  ASSERT_TRUE(store) << error;
  ASSERT_EQ(store->primaries.size(), 3u);
  for (const auto& primary : store->primaries) EXPECT_FALSE(primary.handle);
  EXPECT_TRUE(store->primaries[1].has_auth);
}

TEST(FindStore, LooksInTheOrderOfTheLibrary) {
  const auto none = [](const std::string&) { return false; };
  const auto all = [](const std::string&) { return true; };
  const auto home = [](const std::string& path) { return path.starts_with("/home/"); };
  EXPECT_EQ(find_pkcs11_store("/mine", "/home/a", none), "/mine/tpm2_pkcs11.sqlite3");
  EXPECT_EQ(find_pkcs11_store("", "/home/a", all), "/etc/tpm2_pkcs11/tpm2_pkcs11.sqlite3");
  EXPECT_EQ(find_pkcs11_store({}, "/home/a", home), "/home/a/.tpm2_pkcs11/tpm2_pkcs11.sqlite3");
  EXPECT_EQ(find_pkcs11_store({}, "/home/a", none), std::nullopt);
  EXPECT_EQ(home_of_user("/home/a"), "/home/a");
  EXPECT_NE(home_of_user(std::nullopt), "");
}

}  // namespace
}  // namespace tpmprobe::host
