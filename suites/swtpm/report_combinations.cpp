// SPDX-License-Identifier: BSD-2-Clause
// What people test with scripts of tpm2-tools: five keys, three hashes, both RSA paddings.
#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::IsEmpty;

Words combinations() {
  Words ids;
  for (const char* hash : {"sha256", "sha384", "sha512"}) {
    for (const char* scheme : {"rsassa-rsa2048-", "rsassa-rsa3072-", "rsapss-rsa2048-",
                               "rsapss-rsa3072-", "ecdsa-p256-", "ecdsa-p384-", "ecdsa-p521-"}) {
      ids.push_back(std::string("sign.") + scheme + hash);
    }
  }
  return ids;
}

class ReportCombinations : public ReportOnSwtpm {};

TEST_F(ReportCombinations, All21PassWithUnder120CommandsThatAreAllCounted) {
  Words choice;
  for (const std::string& id : combinations()) choice.insert(choice.end(), {"--only", id});
  const auto told = report(choice);
  EXPECT_THAT(troubles_of(told), IsEmpty());
  const auto verdicts = verdicts_of(told);
  EXPECT_EQ(verdicts.size(), 21U + 2U) << "beside them only the opening and the closing";
  for (const std::string& id : combinations()) {
    ASSERT_TRUE(verdicts.contains(id)) << id;
    EXPECT_EQ(verdicts.at(id), "pass") << id;
  }
  EXPECT_EQ(commands_of(told), relay_->count());
  EXPECT_LT(relay_->count(), 120U);
  RecordProperty("commands", static_cast<int>(relay_->count()));
}

TEST_F(ReportCombinations, AWholeReportCountsEveryCommand) {
  const auto told = report();
  EXPECT_EQ(commands_of(told), relay_->count());
}

}  // namespace
}  // namespace tpmprobe::suites
