// SPDX-License-Identifier: BSD-2-Clause
// The PINs of a walk are in nothing that a user gets to see.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <sys/stat.h>

#include "suites/support/not_empty.h"
#include "suites/swtpm/walk_support.h"
#include "tpm/posix/process.h"

namespace tpmprobe::suites {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A walk whose programs write down the PINs that they are given before they do their work.
class WalkWithPins : public WalkInFolder {
 protected:
  void SetUp() override {
    WalkInFolder::SetUp();
    std::filesystem::create_directory(programs());
    for (const auto* name : {"tpm2_ptool", "ssh", "ssh-add", "ssh-keygen"}) {
      put_in_the_way(name, "exec PROGRAM \"$@\"\n");
    }
  }

  /// Puts a script before a program: it writes down the words and what answers for a person who is
  /// asked for a PIN, and goes on with `then`.
  void put_in_the_way(const std::string& name, std::string then) const {
    const auto program = tpm::find_program(name).value_or("/nonexistent");
    for (auto at = then.find("PROGRAM"); at != std::string::npos; at = then.find("PROGRAM")) {
      then.replace(at, std::string("PROGRAM").size(), program);
    }
    const auto path = programs() / name;
    std::ofstream(path) << "#!/bin/sh\nprintf '%s\\n' \"$@\" >>" << words_file()
                        << "\n[ -z \"$SSH_ASKPASS\" ] || cat \"$SSH_ASKPASS\" >>" << answers_file()
                        << "\n"
                        << then;
    ::chmod(path.c_str(), S_IRWXU);
  }

  /// Runs to the end; `shown_` is then everything that a user gets to see, in every form.
  void walk_watched(const Words& choice) {
    const auto file = [&](const char* name) { return (folder_.path() / name).string(); };
    Words words{"ssh", "--emulated", "-v", "-o", file("walk.json"), "-o", file("walk.txt")};
    words.insert(words.end(), choice.begin(), choice.end());
    const auto* const path = std::getenv("PATH");
    auto variables = environment();
    variables.emplace_back("PATH",
                           programs().string() + ":" + (path != nullptr ? path : "/usr/bin:/bin"));
    const auto run = run_tpmprobe(words, variables);
    EXPECT_EQ(run.status.code, 0) << run.errors;
    shown_ = run.output + run.errors;
    for (const auto* name : {"walk.json", "walk.txt"}) {
      const auto content = content_of(file(name));
      EXPECT_THAT(content, HasSubstr("pkcs11.ecc")) << name;
      shown_ += content;
    }
    read_words();
    read_answers();
  }

  void expect_none_shown() const {
    for (const auto& pin : not_empty(pins_)) EXPECT_THAT(shown_, Not(HasSubstr(pin)));
  }

  /// The security officer's PIN is nowhere else.
  void read_words() {
    std::ifstream words(words_file());
    for (std::string word; std::getline(words, word);) {
      const bool is_pin = word == "--sopin" || word == "--userpin";
      if (is_pin && std::getline(words, word)) pins_.insert(word);
    }
  }

  void read_answers() {
    std::ifstream scripts(answers_file());
    for (std::string word; scripts >> word;) {
      if (word == "echo" && scripts >> word) pins_.insert(word);
    }
  }

  [[nodiscard]] std::filesystem::path programs() const { return folder_.path() / "programs"; }
  [[nodiscard]] std::string words_file() const { return folder_.path() / "words"; }
  [[nodiscard]] std::string answers_file() const { return folder_.path() / "answers"; }

  std::set<std::string> pins_;
  std::string shown_;
};

TEST_F(WalkWithPins, ShowsNoneOfThem) {
  walk_watched({"--only", "pkcs11.ecc256"});
  EXPECT_EQ(pins_.size(), 3u);  // the user's, the security officer's, and the wrong one
  expect_none_shown();
}

TEST_F(WalkWithPins, ShowsNoneOfThemIfAProgramQuotesItsCommandLine) {
  // As many programs do when they fail.
  put_in_the_way("tpm2_ptool",
                 "PROGRAM \"$@\" && exit\n"
                 "code=$?\necho \"tpm2_ptool: failed: $*\" >&2\nexit $code\n");
  walk_watched({"--only", "pkcs11.ecc521"});
  EXPECT_EQ(pins_.size(), 2u);
  expect_none_shown();
  EXPECT_THAT(shown_, HasSubstr("--userpin (PIN)"));  // it was quoted
}

}  // namespace
}  // namespace tpmprobe::suites
