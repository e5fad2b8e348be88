// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tpmprobe::knowledge {

/// A copy of some facts of knowledge/ in which one can be made wrong, and the script that reads
/// them.
class FactsCopy : public testing::Test {
 protected:
  struct Build {
    int status = 0;
    std::string output;
  };

  FactsCopy(const std::vector<std::string>& names, std::string script)
      : script_(std::move(script)) {
    std::string pattern = testing::TempDir() + "tpmprobe-facts-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (const auto& name : names) {
      std::filesystem::copy(knowledge() / name, folder_ / name,
                            std::filesystem::copy_options::recursive);
    }
  }
  ~FactsCopy() override { std::filesystem::remove_all(folder_); }

  void replace_in(const std::string& name, const std::string& old_text,
                  const std::string& new_text) const {
    const auto path = folder_ / name;
    std::ifstream in(path);
    std::string text(std::istreambuf_iterator<char>(in), {});
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, std::string::npos) << old_text;
    std::ofstream(path) << text.replace(at, old_text.size(), new_text);
  }

  [[nodiscard]] Build build() const {
    const std::string command = "python3 -B '" + (knowledge() / "generate" / script_).string() +
                                "' '" + folder_.string() + "' '" + (folder_ / "out.cpp").string() +
                                "' 2>&1";
    Build result;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 256> part{};
    while (fgets(part.data(), part.size(), pipe) != nullptr) result.output += part.data();
    result.status = pclose(pipe);
    return result;
  }

  /// One line that names the file and the place.
  void expect_refused_in(const std::string& name, const std::string& pointer,
                         const std::string& what) const {
    const Build result = build();
    EXPECT_NE(result.status, 0);
    EXPECT_EQ(std::ranges::count(result.output, '\n'), 1) << result.output;
    EXPECT_THAT(result.output, testing::HasSubstr(name + ": " + pointer + ": "));
    EXPECT_THAT(result.output, testing::HasSubstr(what));
  }

 private:
  static std::filesystem::path knowledge() {
    return std::filesystem::path(TPMPROBE_SOURCE_DIR) / "knowledge";
  }

  std::filesystem::path folder_;
  std::string script_;
};

}  // namespace tpmprobe::knowledge
