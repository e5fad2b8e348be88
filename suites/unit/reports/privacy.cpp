// SPDX-License-Identifier: BSD-2-Clause
#include "reports/privacy.h"

#include <gtest/gtest.h>

namespace tpmprobe::reports {
namespace {

const Secrets kSecrets{"/home/ada", "ada", "analytical.example.org"};

TEST(Redacted, ReplacesTheHomePath) {
  EXPECT_EQ(redacted("--tcti=swtpm:path=/home/ada/sock", kSecrets), "--tcti=swtpm:path=~/sock");
  EXPECT_EQ(redacted("/home/ada", kSecrets), "~");
  EXPECT_EQ(redacted("in /srv/homes/ada/x", {"/srv/homes/ada/", "", ""}), "in ~/x");
}

TEST(Redacted, ReplacesOtherHomesToo) {
  EXPECT_EQ(redacted("/home/ada-lovelace/x and /home/grace/y", kSecrets),
            "/home/USER/x and /home/USER/y");
}

TEST(Redacted, ReplacesUserAndHostAsWholeWords) {
  EXPECT_EQ(redacted("ada@analytical: no", kSecrets), "USER@HOST: no");
  EXPECT_EQ(redacted("at analytical.example.org, ada's", kSecrets), "at HOST, USER's");
}

TEST(Redacted, LeavesWordsThatOnlyContainAName) {
  EXPECT_EQ(redacted("adapter, Canada, ada_x, analytically", kSecrets),
            "adapter, Canada, ada_x, analytically");
}

TEST(Redacted, LeavesRootAndLocalhost) {
  EXPECT_EQ(redacted("root@localhost /root/x", {"", "root", "localhost"}),
            "root@localhost /root/x");
}

TEST(Redacted, LooksForShortNamesInPathsOnly) {
  const Secrets secrets{"", "al", "x1"};
  EXPECT_EQ(redacted("al /srv/al/x1/f x1", secrets), "al /srv/USER/HOST/f x1");
}

TEST(Redacted, LeavesTheFoldersOfTheSystem) {
  EXPECT_EQ(redacted("device:/dev/tpmrm0 /srv/dev/x dev", {"", "dev", ""}),
            "device:/dev/tpmrm0 /srv/USER/x USER");
}

TEST(Redacted, ChangesNothingWithoutSecrets) {
  EXPECT_EQ(redacted("device:/dev/tpm0 / ~", {}), "device:/dev/tpm0 / ~");
  EXPECT_EQ(redacted("/dev/tpm0", {"/", "", ""}), "/dev/tpm0");
}

}  // namespace
}  // namespace tpmprobe::reports
