// SPDX-License-Identifier: BSD-2-Clause
#include "suites/golden/golden.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include <gtest/gtest.h>

namespace tpmprobe::golden {
namespace {

bool is_update_wanted() {
  const char* value = std::getenv("TPMPROBE_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream expected_lines(expected), actual_lines(actual);
  std::string wanted, got;
  for (int number = 1;; ++number) {
    const bool more_wanted = !std::getline(expected_lines, wanted).fail();
    const bool more_got = !std::getline(actual_lines, got).fail();
    if (!more_wanted && !more_got) return "the final line feed differs";
    if (more_wanted == more_got && wanted == got) continue;
    return "line " + std::to_string(number) + "\n  expected: " + (more_wanted ? wanted : "(end)") +
           "\n  actual:   " + (more_got ? got : "(end)");
  }
}

void write(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  ASSERT_TRUE(file.good()) << path;
}

}  // namespace

std::string golden_path(const std::string& relative_path) {
  return TPMPROBE_SOURCE_DIR "/suites/golden/data/" + relative_path;
}

void expect_golden(const std::string& relative_path, const std::string& actual) {
  const std::string path = golden_path(relative_path);
  if (is_update_wanted()) return write(path, actual);
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file.good()) << path << " is missing; TPMPROBE_UPDATE_GOLDEN=1 writes it";
  const std::string expected((std::istreambuf_iterator<char>(file)), {});
  if (expected == actual) return;
  ADD_FAILURE() << relative_path << " differs at " << first_difference(expected, actual)
                << "\n(TPMPROBE_UPDATE_GOLDEN=1 rewrites it)";
}

}  // namespace tpmprobe::golden
