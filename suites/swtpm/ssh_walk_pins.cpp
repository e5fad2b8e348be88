// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <sys/stat.h>

#include "suites/swtpm/walk_support.h"
#include "tpm/posix/process.h"

namespace tpmprobe::suites {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// A walk whose PINs are read where its programs read them, while it is under way.
class WalkWithPins : public WalkInFolder {
 protected:
  /// Runs to the end; `shown_` is then everything that a user gets to see, in every form.
  void walk_watched(const Words& choice, int exit_code, const Environment& more = {}) {
    const auto file = [&](const char* name) { return (folder_.path() / name).string(); };
    Words words{"ssh", "--emulated", "-v", "-o", file("walk.json"), "-o", file("walk.txt")};
    words.insert(words.end(), choice.begin(), choice.end());
    auto variables = environment();
    variables.insert(variables.end(), more.begin(), more.end());
    RunningProgram program(tpmprobe(words), variables);
    while (program.is_running()) {
      read_askpass_files();
      read_command_lines();
      std::this_thread::sleep_for(1ms);
    }
    const auto run = program.wait();
    EXPECT_EQ(run.status.code, exit_code) << run.errors;
    shown_ = run.output + run.errors;
    for (const auto* name : {"walk.json", "walk.txt"}) {
      const auto content = content_of(file(name));
      EXPECT_THAT(content, HasSubstr("pkcs11.ecc")) << name;
      shown_ += content;
    }
  }

  void expect_none_shown() const {
    for (const auto& pin : pins_) EXPECT_THAT(shown_, Not(HasSubstr(pin)));
  }

  void read_askpass_files() {
    std::error_code gone;  // what is looked at may be removed at any time
    for (const auto& folder : std::filesystem::directory_iterator(temporary(), gone)) {
      for (const auto& entry : std::filesystem::directory_iterator(folder.path(), gone)) {
        if (!entry.path().filename().string().starts_with("askpass-")) continue;
        std::istringstream script(content_of(entry.path()));
        std::string word;
        while (script >> word && word != "echo") continue;
        if (script >> word) pins_.insert(word);
      }
    }
  }

  /// The security officer's PIN is nowhere else.
  void read_command_lines() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const auto line = content_of(entry.path() / "cmdline");
      if (line.find(temporary().string()) == std::string::npos) continue;
      std::istringstream words(line);
      for (std::string word; std::getline(words, word, '\0');) {
        const bool is_pin = word == "--sopin" || word == "--userpin";
        if (is_pin && std::getline(words, word, '\0')) pins_.insert(word);
      }
    }
  }

  std::set<std::string> pins_;
  std::string shown_;
};

/// A tpm2_ptool that says what it was called with when it fails, as many programs do.
std::string quoting_ptool(const std::filesystem::path& folder) {
  const auto path = folder / "tpm2_ptool";
  std::ofstream(path) << "#!/bin/sh\n"
                      << tpm::find_program("tpm2_ptool").value_or("") << " \"$@\" && exit\n"
                      << "code=$?\necho \"tpm2_ptool: failed: $*\" >&2\nexit $code\n";
  ::chmod(path.c_str(), S_IRWXU);
  return folder;
}

TEST_F(WalkWithPins, ShowsNoneOfThem) {
  walk_watched({"--only", "pkcs11.ecc256"}, 0);
  EXPECT_EQ(pins_.size(), 3u);  // the user's, the security officer's, and the wrong one
  expect_none_shown();
}

TEST_F(WalkWithPins, ShowsNoneOfThemIfAProgramQuotesItsCommandLine) {
  const auto* const path = std::getenv("PATH");
  walk_watched({"--only", "pkcs11.ecc521"}, 0,
               {{"PATH", quoting_ptool(home()) + ":" + (path != nullptr ? path : "")}});
  EXPECT_EQ(pins_.size(), 2u);
  expect_none_shown();
  EXPECT_THAT(shown_, HasSubstr("--userpin (PIN)"));  // it was quoted
}

}  // namespace
}  // namespace tpmprobe::suites
