// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/doctor_support.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "suites/swtpm/private_broker.h"

namespace tpmprobe::suites {

using nlohmann::json;

json line_of(const json& report, std::string_view id) {
  for (const auto& line : report.at("checks")) {
    if (line.at("id") == id) return line;
  }
  return {{"id", "none"}, {"health", "none"}, {"evidence", ""}, {"fix", nullptr}};
}

json first_of(const json& report) {
  return report.at("checks").at(0);
}

json parse_doctor(const std::string& text) {
  const auto directory = tpm::PrivateDirectory::create();
  const std::string path = directory->path() / "doctor.json";
  std::ofstream(path) << text;
  const auto valid = run_program({"python3", "-B", TPMPROBE_SOURCE_DIR "/suites/golden/validate.py",
                                  "--schema", "doctor", path});
  EXPECT_TRUE(valid.status.succeeded()) << valid.output << valid.errors;
  auto report = json::parse(text, nullptr, false);
  EXPECT_TRUE(report.is_object()) << text;
  if (!report.is_object()) return {{"checks", json::array({json::object()})}};
  const auto page = content_of(TPMPROBE_SOURCE_DIR "/docs/doctor.md");
  for (const auto& line : report.at("checks")) {
    const auto id = line.at("id").get<std::string>();
    EXPECT_THAT(page, ::testing::HasSubstr("`" + id + "`")) << "the page explains every line";
  }
  return report;
}

Environment DoctorOnSwtpm::environment(const Environment& variables) const {
  Environment all{{"HOME", home_.path().string()},
                  {"TPM2_PKCS11_STORE", std::nullopt},
                  {"TPM2_PKCS11_TCTI", std::nullopt},
                  {"SSH_AUTH_SOCK", std::nullopt},
                  {"TSS2_FAPICONF", (home_.path() / "none").string()}};
  for (const auto& variable : variables) {
    std::erase_if(all, [&](const auto& other) { return other.first == variable.first; });
    all.push_back(variable);
  }
  return all;
}

json DoctorOnSwtpm::examine(int exit_code, const Words& more, const Environment& variables) {
  Words words{"doctor", "--tcti", relay_->tcti(), "--format", "json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto run = run_tpmprobe(words, environment(variables));
  EXPECT_EQ(run.status.code, exit_code) << run.errors << run.output;
  return parse_doctor(run.output);
}

std::size_t DoctorOnSwtpm::files_at_home() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      std::filesystem::recursive_directory_iterator(home_.path()),
      [](const auto& entry) { return entry.path().filename() != ".owner"; }));  // the folder's own
}

int DoctorOnSwtpm::ptool(const Words& words) {
  const PrivateBroker broker(swtpm_->tcti());
  Words argv{"tpm2_ptool"};
  argv.insert(argv.end(), words.begin(), words.end());
  argv.insert(argv.end(), {"--path", store()});
  return run_program(argv, {{"DBUS_SESSION_BUS_ADDRESS", broker.address()},
                            {"TPM2TOOLS_TCTI", "tabrmd:bus_type=session"},
                            {"PYTHONDONTWRITEBYTECODE", "1"}})
      .status.code;
}

void DoctorOnSwtpm::make_token() {
  std::filesystem::create_directory(store());
  ASSERT_EQ(ptool({"init"}), 0);
  ASSERT_EQ(
      ptool({"addtoken", "--pid", "1", "--label", "work", "--sopin", "1", "--userpin", "1234"}), 0);
  ASSERT_EQ(ptool({"addkey", "--algorithm", "ecc256", "--label", "work", "--userpin", "1234",
                   "--key-label", "laptop"}),
            0);
}

}  // namespace tpmprobe::suites
