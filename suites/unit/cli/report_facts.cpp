// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explain/report_facts.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tpm/posix/private_directory.h"

namespace tpmprobe::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

class ReportFactsOfFile : public testing::Test {
 protected:
  doctor::ReportFacts read(const std::string& text) {
    const std::string path = folder_.path() / "report.json";
    std::ofstream(path) << text;
    auto facts = read_report_facts(path);
    EXPECT_TRUE(facts) << text;
    return facts.value_or(doctor::ReportFacts{});
  }
  [[nodiscard]] static std::string refusal(const std::string& path) {
    const auto facts = read_report_facts(path);
    return facts ? "none" : facts.error();
  }

  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

TEST_F(ReportFactsOfFile, ReadsThem) {
  const auto facts = read(
      R"({"schema_version": "1.0", "results": [], "tpm": {"manufacturer": "AMD", "reset_count": 4294967295},
      "capabilities": {"handles": {"persistent": ["0x81000001", "0x8101"]}}})");
  EXPECT_THAT(facts.reset_count, Optional(4294967295u));
  EXPECT_THAT(facts.persistent, Optional(ElementsAre(0x81000001u, 0x8101u)));
}

TEST_F(ReportFactsOfFile, ACountThatIsNone) {
  for (const auto* count : {"4294967296", "18446744073709551615", "-1", "1.5", "\"3\"", "null"}) {
    const auto facts =
        read(std::string(R"({"schema_version": "1.0", "results": [], "tpm": {"reset_count": )") +
             count + "}}");
    EXPECT_EQ(facts.reset_count, std::nullopt) << count;
  }
}

TEST_F(ReportFactsOfFile, HandlesAreWhollyHexadecimal) {
  const auto facts = read(
      R"({"schema_version": "1.0", "results": [], "tpm": {}, "capabilities": {"handles": {"persistent": [
      "0x81000001 ", "0x8100000g", "0x", "0x-1", "81000001", "0x181000001", 7, null,
      "0x81000002"]}}})");
  EXPECT_THAT(facts.persistent, Optional(ElementsAre(0x81000002u)));
  EXPECT_EQ(read(R"({"schema_version": "1.0", "results": [], "tpm": {}, "capabilities": [1]})")
                .persistent,
            std::nullopt);
}

TEST_F(ReportFactsOfFile, OnlyARegularFileOfAReportsSize) {
  const std::string pipe = folder_.path() / "pipe", large = folder_.path() / "large";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::ofstream(large) << "{}";
  std::filesystem::resize_file(large, std::uintmax_t{9} << 20U);
  EXPECT_EQ(refusal(pipe), pipe + ": is not a regular file");
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("is not a regular file"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("is not a regular file"));
  EXPECT_THAT(refusal(large), HasSubstr("is too large"));
  EXPECT_THAT(refusal(folder_.path() / "none"), HasSubstr("No such file"));
}

}  // namespace
}  // namespace tpmprobe::cli
