// SPDX-License-Identifier: BSD-2-Clause
// A wrong fact must stop the build with its file and JSON pointer: the generators run on copies of
// the fact files in which one thing was made wrong.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tpmprobe::knowledge {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kKnowledge = TPMPROBE_SOURCE_DIR "/knowledge";

struct Outcome {
  int status = -1;
  std::string text;
};

/// A folder with the fact files, which goes away with it.
class Copy {
 public:
  Copy() {
    std::string name = fs::temp_directory_path() / "tpmprobe-facts-XXXXXX";
    folder_ = mkdtemp(name.data());
    for (const auto& entry : fs::directory_iterator(kKnowledge)) {
      if (entry.path().extension() == ".json") {
        fs::copy(entry.path(), folder_);
      }
    }
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() { fs::remove_all(folder_); }

  void replace(const std::string& file, const std::string& right, const std::string& wrong) const {
    std::stringstream text;
    text << std::ifstream(folder_ / file).rdbuf();
    auto content = text.str();
    const auto at = content.find(right);
    ASSERT_NE(at, std::string::npos) << right;
    content.replace(at, right.size(), wrong);
    std::ofstream(folder_ / file) << content;
  }

  [[nodiscard]] Outcome generate(const std::string& script) const {
    const auto command = "python3 -B '" + (kKnowledge / "generate" / script).string() + "' '" +
                         folder_.string() + "' '" + (folder_ / "out.cpp").string() + "' 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    Outcome outcome;
    char piece[256];
    while (std::fgets(piece, sizeof piece, pipe) != nullptr) {
      outcome.text += piece;
    }
    outcome.status = WEXITSTATUS(pclose(pipe));
    return outcome;
  }

 private:
  fs::path folder_;
};

void expect_refused(const std::string& script, const std::string& file, const std::string& right,
                    const std::string& wrong, const std::string& pointer) {
  const Copy copy;
  copy.replace(file, right, wrong);
  const auto outcome = copy.generate(script);
  EXPECT_EQ(outcome.status, 1) << wrong;
  EXPECT_THAT(outcome.text, HasSubstr("/" + file + ": " + pointer)) << wrong;
  EXPECT_EQ(std::ranges::count(outcome.text, '\n'), 1) << outcome.text;
}

TEST(WrongFacts, RightOnesPass) {
  for (const auto* script : {"commands_data.py", "algorithms_data.py", "properties_data.py",
                             "vendors_data.py", "versions_data.py", "constants.py"}) {
    const auto outcome = Copy().generate(script);
    EXPECT_EQ(outcome.status, 0) << outcome.text;
  }
}

TEST(WrongFacts, InTheVersionsStopTheBuild) {
  const auto* file = "versions.json";
  const auto* script = "versions_data.py";
  expect_refused(script, file, "\"version\": \"1.2\"", "\"version\": \"0.2\"", "/store_schemas/2");
  expect_refused(script, file, "tpm2-abrmd from 2", "tpm2-abrmd after 2", "/pairs/0/second");
  expect_refused(script, file, "\"source\": \"tpm2-software/tpm2-abrmd#764\"", "\"source\": \"\"",
                 "/pairs/0");
}

TEST(WrongFacts, InTheCommandTableStopTheBuild) {
  const auto* file = "commands.json";
  const auto* script = "commands_data.py";
  expect_refused(script, file, "\"effects\": [\"nv\"]", "\"effects\": [\"nw\"]",
                 "/commands/0/effects");
  expect_refused(script, file, "TPMI_RH_PROVISION auth user", "TPMI_RH_PROVISION auth owner",
                 "/commands/1/handles/0");
  expect_refused(script, file, "TPMI_RH_PROVISION auth user\", \"TPMI_DH_OBJECT objectHandle none",
                 "TPMI_RH_PROVISION auth none\", \"TPMI_DH_OBJECT objectHandle user",
                 "/commands/1/handles/1");
  expect_refused(script, file, "TPMI_DH_PERSISTENT persistentHandle", "TPMI_DH_PERSISTENTS x",
                 "/commands/1/parameters/0");
  expect_refused(script, file, "0x00000120", "0x0000011f", "/commands/1");
  expect_refused(script, file, "\"name\": \"EvictControl\"", "\"nome\": \"EvictControl\"",
                 "/commands/1");
}

TEST(WrongFacts, InTheStructuresStopTheBuild) {
  const auto* file = "structures.json";
  const auto* script = "commands_data.py";
  expect_refused(script, file, "TPM2B_ECC_PARAMETER y\"]", "TPMS_ECC_POINT y\"]",
                 "/structures/TPMS_ECC_POINT");
  expect_refused(script, file, "TPMU_HA digest [hashAlg]", "TPMU_HA digest [hash]",
                 "/structures/TPMT_HA/1");
  expect_refused(script, file, "TPMU_HA digest [hashAlg]", "TPMU_HA digest",
                 "/structures/TPMT_HA/1");
  expect_refused(script, file, "TPM_CAP_ALGS TPML", "TPM_CAP_ALG TPML",
                 "/unions/TPMU_CAPABILITIES/0");
  expect_refused(script, file, "\"TPML_ALG\": \"TPM_ALG_ID\"", "\"TPML_ALG\": \"TPMS_EMPTY\"",
                 "/lists/TPML_ALG");
  expect_refused(script, file, "\"0x8014\"", "\"8014\"", "/constants/TPM_ST_ATTEST_NV");
}

TEST(WrongFacts, InTheOtherFilesStopTheBuild) {
  expect_refused("algorithms_data.py", "algorithms.json", "\"digest_size\": 20", "\"bits\": 20",
                 "/algorithms/2");
  expect_refused("algorithms_data.py", "algorithms.json", "nistp384", "nistp256", "/curves/3");
  expect_refused("properties_data.py", "properties.json", "\"show\": \"text\"",
                 "\"show\": \"texts\"", "/properties/0/show");
  expect_refused("properties_data.py", "properties.json", "TPMA_MEMORY", "TPMA_MEMORIES",
                 "/properties/23/bits");
  expect_refused("vendors_data.py", "vendors.json", "\"kind\": \"firmware\"",
                 "\"kind\": \"software\"", "/vendors/0/kind");
}

TEST(WrongFacts, OfWhichNoConstantCanBeMadeStopTheBuild) {
  const auto* script = "constants.py";
  expect_refused(script, "commands.json", "\"NV_ReadLock\"", "\"NvRead\"", "/commands/47");
  expect_refused(script, "algorithms.json", "\"sm3_256\"", "\"sm3-256\"", "/algorithms/13");
}

TEST(WrongFacts, BrokenJsonNamesItsFile) {
  expect_refused("vendors_data.py", "vendors.json", "\"vendors\": [", "\"vendors\": ", "/");
  expect_refused("vendors_data.py", "vendors.json", "\"id\": \"AMD\"",
                 "\"id\": \"AMD\", \"id\": \"AMD\"", "/");
}

}  // namespace
}  // namespace tpmprobe::knowledge
