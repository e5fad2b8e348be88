// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/login_server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <shadow.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tpm/error.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::walks {
namespace {

/// Who logs in to an sshd that this user runs.
struct LoginAccount {
  std::string name;
  /// It is not this user, and may not read this user's files.
  bool is_another = false;
};

// Of every distribution, and in nobody's way: what logs in runs nothing.
constexpr std::array kWithoutRights{"nobody", "daemon", "bin"};

/// As sshd sees it (allowed_user() in its auth.c): who may not read the passwords knows of no lock.
bool is_locked(const char* name) {
  const spwd* entry = ::getspnam(name);
  return entry != nullptr && entry->sp_pwdp != nullptr && entry->sp_pwdp[0] == '!';
}

/// This user, as sshd lets in nobody else unless root runs it. sshd without PAM lets no account in
/// whose password is locked, and root's is where people work by sudo (Debian's installer without a
/// root password, Ubuntu): there it is an account without rights. Errors: io, no name or no account
/// that is not locked.
Expected<LoginAccount> login_account() {
  const passwd* user = ::getpwuid(::getuid());
  if (user == nullptr) return fail(Error::Kind::io, 0, "this user has no name to log in with");
  const std::string name = user->pw_name;
  if (!is_locked(name.c_str())) return LoginAccount{name, false};
  if (::geteuid() == 0) {
    for (const auto* other : kWithoutRights) {
      if (::getpwnam(other) != nullptr && !is_locked(other)) return LoginAccount{other, true};
    }
  }
  return fail(Error::Kind::io, 0,
              fmt::format("the password of {} is locked, and sshd without PAM does not let such an "
                          "account in: run this as another user",
                          name));
}

constexpr const char* kAdmitted = "authorized_keys";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// A port that is free now.
std::uint16_t free_port() {
  const tpm::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), any, size) != 0) return 0;
  if (::getsockname(socket.get(), any, &size) != 0) return 0;
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const tpm::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// sshd reads the file as the user who logs in, which another may not.
std::string keys_by_command(const std::string& keys) {
  return fmt::format(
      "AuthorizedKeysFile none\nAuthorizedKeysCommand {} {}\nAuthorizedKeysCommandUser root",
      tpm::find_program("cat").value_or("/bin/cat"), keys);
}

// StrictModes looks at /tmp, which others may write; the folder itself is ours alone.
// Any command would be run by the user's login shell, with what bash reads then (~/.bashrc); the
// sftp server within sshd needs no shell, so that nologin does as well.
/// Without PAM a server of the user's own may let in its user only.
std::string configuration(const std::filesystem::path& folder, std::uint16_t port,
                          bool for_another) {
  const auto keys = (folder / kAdmitted).string();
  return fmt::format(
      "Port {}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nUsePAM no\n"
      "StrictModes no\n{}\nAuthenticationMethods publickey\nPasswordAuthentication no\n"
      "KbdInteractiveAuthentication no\nPermitRootLogin yes\nPermitUserRC no\nPrintMotd no\n"
      "PrintLastLog no\nX11Forwarding no\nAllowTcpForwarding no\nLogLevel VERBOSE\n"
      "Subsystem sftp internal-sftp -R\nForceCommand internal-sftp -R\n",
      port, (folder / "host_key").string(),
      for_another ? keys_by_command(keys) : "AuthorizedKeysFile " + keys);
}

/// sshd runs itself again and therefore wants to be called by its path. From 9.8 on it does not let
/// an address in for a while that had failed before, which wrong PINs and unknown keys do; older
/// ones do not know the word.
std::vector<std::string> sshd_words(const std::filesystem::path& config) {
  std::vector<std::string> words{tpm::find_program("sshd").value_or("sshd"), "-f", config.string()};
  auto lenient = words;
  lenient.insert(lenient.end(), {"-o", "PerSourcePenalties=no"});
  auto trial = lenient;
  trial.emplace_back("-t");
  const auto known = tpm::run_process(trial);
  return known && known->status.succeeded() ? lenient : words;
}

Expected<void> make_host_key(const std::filesystem::path& folder, std::uint16_t port) {
  const auto made = tpm::run_process({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
                                      "tpmprobe", "-f", (folder / "host_key").string()});
  if (!made) return tl::unexpected(made.error());
  if (!made->status.succeeded()) return fail(Error::Kind::io, 0, "ssh-keygen: " + made->errors);
  std::ofstream(folder / "known_hosts")
      << fmt::format("[127.0.0.1]:{} {}", port, tpm::whole_file(folder / "host_key.pub"));
  return {};
}

}  // namespace

std::string refusals_in(const std::string& log) {
  std::string reasons;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    for (const auto* word : {"refused", "not allowed", "bad ownership", "Too many", "incorrect",
                             "error:", "fatal:", "locked"}) {
      if (line.find(word) == std::string::npos) continue;
      reasons += "sshd: " + line + "\n";
      break;
    }
  }
  return reasons;
}

Expected<LoginServer> LoginServer::start(const std::filesystem::path& folder) {
  LoginServer server;
  server.folder_ = folder;
  const auto account = login_account();
  if (!account) return tl::unexpected(account.error());
  server.user_ = account->name;
  server.port_ = free_port();
  if (auto made = make_host_key(folder, server.port_); !made) return tl::unexpected(made.error());
  std::ofstream(folder / "sshd_config") << configuration(folder, server.port_, account->is_another);
  server.admit("");
  const auto log = folder / "sshd.log";
  server.log_ = tpm::UniqueFd(::open(log.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!server.log_) return tpm::os_failure("cannot write " + log.string(), errno);
  tpm::ProcessOptions options;
  options.output_fd = options.error_fd = server.log_.get();
  auto words = sshd_words(folder / "sshd_config");
  words.insert(words.end(), {"-D", "-e"});
  auto sshd = tpm::ChildProcess::start(words, options);
  if (!sshd) return tl::unexpected(sshd.error());
  server.sshd_ = std::move(*sshd);
  const tpm::SystemClock clock;
  const auto until = clock.now() + std::chrono::seconds(20);
  while (!listens(server.port_)) {
    if (clock.now() > until || server.sshd_->child().wait(clock.now(), clock)) {
      return fail(Error::Kind::io, 0, "sshd does not start: " + tpm::whole_file(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return server;
}

void LoginServer::admit(const std::string& public_key_line) const {
  std::ofstream(folder_ / kAdmitted) << public_key_line << '\n';
}

std::vector<std::string> LoginServer::client(const std::vector<std::string>& key_options) const {
  std::vector<std::string> words{"ssh",  "-F",
                                 "none", "-T",
                                 "-p",   std::to_string(port_),
                                 "-o",   "UserKnownHostsFile=" + (folder_ / "known_hosts").string(),
                                 "-o",   "GlobalKnownHostsFile=/dev/null",
                                 "-o",   "StrictHostKeyChecking=yes",
                                 "-o",   "PreferredAuthentications=publickey",
                                 "-o",   "IdentityFile=none",
                                 "-o",   "ConnectTimeout=20"};
  for (const auto& option : key_options) words.insert(words.end(), {"-o", option});
  words.insert(words.end(), {"-s", user_ + "@127.0.0.1", "sftp"});
  return words;
}

std::string LoginServer::take_log() {
  const auto all = tpm::whole_file(folder_ / "sshd.log");
  auto fresh = all.substr(std::min(read_, all.size()));
  read_ = all.size();
  return fresh;
}

}  // namespace tpmprobe::walks
