// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/fapi/run_fapi.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <tss2/tss2_fapi.h>
#include <unistd.h>

#include "tpm/posix/child.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {
namespace {

constexpr const char* kLibrary = "libtss2-fapi.so.1";
constexpr const char* kKey = "HS/SRK/tpmprobe";
constexpr const char* kLog = "fapi.log";
constexpr const char* kAnswers = "fapi.answers";
constexpr int kExitNoLibrary = 3;

/// The library's functions; loaded when they are wanted, so that the program runs without it.
class Library {
 public:
  Library() : library_(::dlopen(kLibrary, RTLD_NOW)) {}
  [[nodiscard]] bool is_there() const { return library_ != nullptr; }

  template <typename Function>
  Function* get(Function*, const char* name) const {
    return reinterpret_cast<Function*>(::dlsym(library_, name));
  }

 private:
  void* library_;
};

#define TPMPROBE_FAPI(library, function) library.get(&function, #function)

/// The child's side: every answer is a line of the file.
class Script {
 public:
  Script(const Library& library, std::ostream& answers) : library_(library), answers_(answers) {}

  void run(const FapiPlan& plan) {
    bool going = said("Fapi_Initialize", TPMPROBE_FAPI(library_, Fapi_Initialize)(&fapi_, nullptr));
    if (!going) return;
    for (const auto action : plan.actions) {
      // What was made is taken away again, whatever came in between.
      const bool cleans = action == FapiAction::delete_all && provisioned_;
      if (going || cleans) going = carry_out(action, plan) && going;
    }
    TPMPROBE_FAPI(library_, Fapi_Finalize)(&fapi_);
  }

 private:
  /// The line has the end of the call's log, whose file is standard error.
  bool said(const char* call, TSS2_RC rc) {
    fmt::print(answers_, "call {} {} {}\n", rc, ::lseek(STDERR_FILENO, 0, SEEK_CUR), call);
    return rc == TSS2_RC_SUCCESS;
  }

  bool carry_out(FapiAction action, const FapiPlan& plan) {
    switch (action) {
      case FapiAction::provision:
        return provision();
      case FapiAction::create_key:
        return said("Fapi_CreateKey",
                    TPMPROBE_FAPI(library_, Fapi_CreateKey)(fapi_, kKey, "sign,noda", "", nullptr));
      case FapiAction::sign:
        return sign(plan.digest);
      case FapiAction::delete_all:
        return said("Fapi_Delete", TPMPROBE_FAPI(library_, Fapi_Delete)(fapi_, "/"));
    }
    return false;
  }

  bool provision() {
    const bool done = said("Fapi_Provision", TPMPROBE_FAPI(library_, Fapi_Provision)(
                                                 fapi_, nullptr, nullptr, nullptr));
    provisioned_ = provisioned_ || done;
    return done;
  }

  bool sign(const Bytes& digest) {
    std::uint8_t* signature = nullptr;
    std::size_t size = 0;
    char *public_key = nullptr, *certificate = nullptr;
    if (!said("Fapi_Sign",
              TPMPROBE_FAPI(library_, Fapi_Sign)(fapi_, kKey, nullptr, digest.data(), digest.size(),
                                                 &signature, &size, &public_key, &certificate))) {
      return false;
    }
    fmt::print(answers_, "signature {:02x}\n", fmt::join(signature, signature + size, ""));
    fmt::print(answers_, "key\n{}", public_key);
    return true;
  }

  const Library& library_;
  std::ostream& answers_;
  FAPI_CONTEXT* fapi_ = nullptr;
  bool provisioned_ = false;
};

#undef TPMPROBE_FAPI

int run_in_child(const FapiPlan& plan) {
  const int log = ::open((plan.folder / kLog).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(log, STDERR_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::setenv("TSS2_FAPICONF", plan.config.c_str(), 1);
  ::unsetenv("TSS2_LOG");
  const Library library;
  if (!library.is_there()) return kExitNoLibrary;
  std::ofstream answers(plan.folder / kAnswers);
  Script(library, answers).run(plan);
  answers.flush();
  return 0;
}

Bytes octets_of(std::string_view hex) {
  Bytes octets;
  constexpr int kBase = 16;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    octets.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, kBase)));
  }
  return octets;
}

/// The lines of a log between two places.
std::vector<std::string> lines_between(const std::string& log, std::size_t begin, std::size_t end) {
  begin = std::min(begin, log.size());
  std::istringstream part(log.substr(begin, std::max(end, begin) - begin));
  std::vector<std::string> lines;
  for (std::string line; std::getline(part, line);) lines.push_back(line);
  return lines;
}

FapiOutcome read_outcome(const std::filesystem::path& folder) {
  FapiOutcome outcome;
  const auto log = whole_file(folder / kLog);
  std::ifstream answers(folder / kAnswers);
  std::size_t begin = 0;
  for (std::string word; answers >> word;) {
    if (word == "call") {
      FapiCall call;
      std::size_t end = 0;
      answers >> call.rc >> end;
      std::getline(answers >> std::ws, call.name);
      call.log = lines_between(log, begin, end);
      begin = end;
      outcome.calls.push_back(std::move(call));
    } else if (word == "signature") {
      std::string hex;
      answers >> hex;
      outcome.signature = octets_of(hex);
    } else if (word == "key") {
      std::string line;
      std::getline(answers, line);
      while (std::getline(answers, line) && !line.starts_with("-----END")) {
        outcome.public_key += line + "\n";
      }
      outcome.public_key += line + "\n";
    }
  }
  return outcome;
}

}  // namespace

const FapiCall* FapiOutcome::find(std::string_view name) const {
  const auto call = std::ranges::find(calls, name, &FapiCall::name);
  return call == calls.end() ? nullptr : &*call;
}

const FapiCall* FapiOutcome::failure() const {
  const auto call = std::ranges::find_if(calls, [](const FapiCall& made) { return made.rc != 0; });
  return call == calls.end() ? nullptr : &*call;
}

Expected<FapiOutcome> run_fapi(const FapiPlan& plan) {
  std::error_code ignored;
  std::filesystem::remove(plan.folder / kAnswers, ignored);
  auto child = Child::fork([&] { return run_in_child(plan); });
  if (!child) return tl::unexpected(child.error());
  const SystemClock clock;
  constexpr std::chrono::seconds kLongest(120);
  const auto status = child->wait(clock.now() + kLongest, clock);
  if (!status) return fail(Error::Kind::timeout, 0, "FAPI did not finish");
  if (status->code == kExitNoLibrary) {
    return fail(Error::Kind::no_device, 0, "libtss2-fapi is not installed (package libtss2-fapi1)");
  }
  auto outcome = read_outcome(plan.folder);
  if (!status->succeeded() || outcome.calls.empty()) {
    return fail(Error::Kind::io, 0, "libtss2-fapi ended its process before it returned a result");
  }
  return outcome;
}

}  // namespace tpmprobe::tpm
