// SPDX-License-Identifier: BSD-2-Clause
// Ways that end badly on every TPM: what they end with has to be known.
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "knowledge/rc_values.h"
#include "walks/ssh/key_way.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::walks {
namespace {

/// One more than sshd's MaxAuthTries, which is 6 if nobody sets it (sshd_config(5)).
constexpr int kKeys = 7;

class ManyKeys {
 public:
  ManyKeys(const KeyWayTools& tools, const ProbeId& way)
      : server_(tools.walk.server),
        module_(tools.module),
        token_(tools.walk.bench, way, fmt::format("{} keys", kKeys), tools.broker.environment()) {}

  void walk() {
    auto token = token_.make();
    if (token_.finish(token) && make_keys() && admit_last()) log_in_both_ways();
  }

 private:
  bool make_keys() {
    auto step = token_.begin("addkey", fmt::format("tpm2_ptool addkey creates {} keys", kKeys),
                             "the TPM creates the keys");
    for (int key = 0; key < kKeys; ++key) {
      if (!token_.add_key(step, "ecc256", fmt::format("key-{}", key))) return token_.finish(step);
    }
    step.pass("the keys were created");
    return token_.finish(step);
  }

  /// sshd knows the one that ssh offers last.
  bool admit_last() {
    auto step = token_.begin("public-key", "ssh-keygen -D shows the public keys",
                             fmt::format("{} lines", kKeys));
    step.run({"ssh-keygen", "-D", module_}, token_.environment());
    std::istringstream lines(step.output());
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("ecdsa-sha2-")) continue;
      ++count;
      last_ = line;
    }
    if (count == kKeys) {
      server_.admit(last_);
      step.pass(fmt::format("{} public keys", kKeys));
    } else {
      step.fail("ssh-keygen", fmt::format("ssh-keygen shows {} of {} keys", count, kKeys));
    }
    return token_.finish(step);
  }

  void log_in_both_ways() {
    log_in("login", "ssh offers all of them", {"PKCS11Provider=" + module_, "IdentityAgent=none"});
    // ssh takes no key file that others may read, be it a public one.
    const auto file = token_.store() / "last.pub";
    std::ofstream(file) << last_ << '\n';
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    log_in("identity-file", "ssh is told which key to offer",
           {"PKCS11Provider=" + module_, "IdentityAgent=none", "IdentitiesOnly=yes",
            "IdentityFile=" + file.string()});
  }

  void log_in(std::string name, std::string_view title, const std::vector<std::string>& how) {
    auto step = token_.begin(std::move(name), title, "sshd accepts a signature from the TPM");
    server_.take_log();
    step.run(server_.client(how), token_.environment());
    const auto log = server_.take_log();
    if (log.find("Accepted publickey") != std::string::npos) {
      step.result().verified_by = {"sshd"};
      step.pass("sshd accepted the signature");
    } else {
      step.add_lines(refusals_in(log));
      step.fail("ssh", "sshd did not accept the key");
    }
    token_.finish(step);
  }

  LoginServer& server_;
  std::string module_, last_;
  Token token_;
};

}  // namespace

void walk_many_keys(const KeyWayTools& tools, const ProbeId& way) {
  ManyKeys(tools, way).walk();
}

void walk_unmanaged(const Pkcs11Walk& walk, const ProbeId& way) {
  Token token(walk.bench, way, "without a resource manager",
              {{"TPM2TOOLS_TCTI", walk.bench.tcti},
               {"TPM2_PKCS11_TCTI", walk.bench.tcti},
               {"TSS2_LOG", std::nullopt}});
  auto step = token.make();
  Result& result = step.result();
  if (result.rc == knowledge::rc::kObjectMemory) {
    // Not a defect of the TPM: its slots are what every TPM has.
    result.verdict = Verdict::unsupported;
    result.layer = "tpm2_ptool";
    result.actual = "tpm2_ptool fills the object slots of the TPM (layer: tpm2_ptool)";
    result.cause = "tpm2_ptool leaves objects loaded, so it needs a resource manager";
    result.advice =
        "Make it use /dev/tpmrm0 or tpm2-abrmd: set TPM2TOOLS_TCTI and TPM2_PKCS11_TCTI.";
  }
  token.finish(step);
}

}  // namespace tpmprobe::walks
