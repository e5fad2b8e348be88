// SPDX-License-Identifier: BSD-2-Clause
#include "suites/swtpm/fapi_certificate.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tpmprobe::suites {
namespace {

/// The authority, made once for a process.
class Authority {
 public:
  Authority() {
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", file("ca.key"),
         "-out", file("ca.pem"), "-subj", "/CN=authority of a test", "-days", "30"});
    run({"openssl", "x509", "-in", file("ca.pem"), "-outform", "DER", "-out", file("ca.der")});
  }

  static Authority& instance() {
    static Authority authority;
    return authority;
  }

  [[nodiscard]] std::string file(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] std::string folder() const { return folder_.path(); }

  static void run(const Words& words, const Environment& environment = {}) {
    const auto done = run_program(words, environment);
    if (!done.status.succeeded()) throw std::runtime_error(words[0] + ": " + done.errors);
  }

 private:
  tpm::PrivateDirectory folder_ = std::move(tpm::PrivateDirectory::create().value());
};

constexpr const char* kServer =
    "import functools, http.server, sys\n"
    "handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])\n"
    "server = http.server.HTTPServer(('127.0.0.1', 0), handler)\n"
    "print(server.server_port, file=sys.stderr, flush=True)\n"
    "sys.stderr = open('/dev/null', 'w')\n"
    "server.serve_forever()\n";

}  // namespace

void install_ek_certificate(const emulator::SwtpmProcess& tpm, const std::string& issuer) {
  const auto& ca = Authority::instance();
  const Environment environment{{"TPM2TOOLS_TCTI", tpm.tcti()}};
  Authority::run({"tpm2_createek", "-Q", "-G", "rsa", "-c", ca.file("ek.ctx"), "-u",
                  ca.file("ek.pem"), "-f", "pem"},
                 environment);
  Authority::run({"tpm2_flushcontext", "-t"}, environment);
  // A request has to be signed by its key, and an EK signs nothing: its key is put in afterwards.
  Authority::run({"openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout",
                  ca.file("other.key"), "-out", ca.file("request"), "-subj", "/CN=ek"});
  std::ofstream(ca.file("extensions"))
      << "keyUsage=keyEncipherment\n"
      << (issuer.empty() ? "" : "authorityInfoAccess=caIssuers;URI:" + issuer + "\n");
  const auto certificate = ca.file("ek.der");
  Authority::run({"openssl",
                  "x509",
                  "-req",
                  "-in",
                  ca.file("request"),
                  "-force_pubkey",
                  ca.file("ek.pem"),
                  "-CA",
                  ca.file("ca.pem"),
                  "-CAkey",
                  ca.file("ca.key"),
                  "-CAcreateserial",
                  "-days",
                  "30",
                  "-extfile",
                  ca.file("extensions"),
                  "-outform",
                  "DER",
                  "-out",
                  certificate});
  Authority::run({"tpm2_nvdefine", "-Q", "-C", "p", "0x1c00002", "-s",
                  std::to_string(std::filesystem::file_size(certificate)), "-a",
                  "ppwrite|ppread|ownerread|authread|no_da|platformcreate"},
                 environment);
  Authority::run({"tpm2_nvwrite", "-Q", "-C", "p", "0x1c00002", "-i", certificate}, environment);
}

IssuerServer::IssuerServer() {
  server_.emplace(Words{"python3", "-c", kServer, Authority::instance().folder()});
  const auto is_ready = [&] { return server_->errors().find('\n') != std::string::npos; };
  if (!server_->wait_until(is_ready)) throw std::runtime_error("the server of certificates ended");
}

std::string IssuerServer::address() const {
  const auto port = server_->errors();
  return "http://127.0.0.1:" + port.substr(0, port.find('\n')) + "/ca.der";
}

}  // namespace tpmprobe::suites
