// SPDX-License-Identifier: BSD-2-Clause
// Private directories: made and locked in create(), removed by their owner in the destructor, and
// by a later start in remove_abandoned(). Both remove through open_own() and remove_own(), which
// follow no link that another user put in the place of a directory of ours.
#include "tpm/posix/private_directory.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::string_view kPrefix = "tpmprobe-", kRandom = "XXXXXX";
constexpr const char* kOwner = ".owner";

std::string temporary() {
  const char* configured = std::getenv("TMPDIR");
  return configured != nullptr && *configured == '/' ? configured : "/tmp";
}

/// It belongs to this user and is still somewhere in the file system.
bool is_own(const UniqueFd& file, mode_t type) {
  struct stat info{};
  return ::fstat(file.get(), &info) == 0 && (info.st_mode & S_IFMT) == type &&
         info.st_uid == ::geteuid() && info.st_nlink > 0;
}

/// A directory of this user; none if it is anything else.
UniqueFd open_own(const std::filesystem::path& path) {
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return is_own(directory, S_IFDIR) ? std::move(directory) : UniqueFd();
}

/// A file with this lock on it; none if another process has a lock that does not go with it.
UniqueFd locked(const UniqueFd& directory, const char* name, int lock, int flags = 0) {
  constexpr mode_t kMode = 0600;
  // For writing, as NFS gives an exclusive lock to no other.
  UniqueFd file(::openat(directory.get(), name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, kMode));
  if (file && ::flock(file.get(), lock | LOCK_NB) != 0) file.reset();
  return file;
}

/// The owner's file goes last: if this process is killed meanwhile, a later start does the rest.
void remove_own(const UniqueFd& directory, const std::filesystem::path& path) {
  // By its descriptor, as another user can take the name once a process of ours has removed it.
  const std::filesystem::path pinned = "/proc/self/fd/" + std::to_string(directory.get());
  std::error_code ignored;
  auto entry = std::filesystem::directory_iterator(pinned, ignored);
  for (; entry != std::filesystem::directory_iterator(); entry.increment(ignored)) {
    if (entry->path().filename() != kOwner) std::filesystem::remove_all(entry->path(), ignored);
  }
  std::filesystem::remove_all(path, ignored);
}

bool has_our_name(const std::string& name) {
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + kRandom.size();
}

}  // namespace

Expected<PrivateDirectory> PrivateDirectory::create() {
  const std::string base = temporary();
  std::string path = base + "/" + std::string(kPrefix) + std::string(kRandom);
  if (::mkdtemp(path.data()) == nullptr) {
    return os_failure("cannot create a directory in " + base, errno);
  }
  constexpr const char* kUnnamed = ".owner.new";
  const auto directory = open_own(path);
  auto lock = locked(directory, kUnnamed, LOCK_SH, O_CREAT | O_EXCL);
  if (lock) ::renameat(directory.get(), kUnnamed, directory.get(), kOwner);
  return PrivateDirectory(path, std::move(lock));
}

PrivateDirectory PrivateDirectory::share(const std::filesystem::path& path) {
  return {path, locked(open_own(path), kOwner, LOCK_SH)};
}

void PrivateDirectory::remove_abandoned() {
  std::error_code ignored;
  auto entry = std::filesystem::directory_iterator(temporary(), ignored);
  for (; entry != std::filesystem::directory_iterator(); entry.increment(ignored)) {
    if (!has_our_name(entry->path().filename())) continue;
    const auto directory = open_own(entry->path());
    if (!directory) continue;
    // Held until the directory is gone, so that no other start removes it, too. The file is not
    // there any more if one did so since it was opened here.
    const auto lock = locked(directory, kOwner, LOCK_EX);
    if (lock && is_own(lock, S_IFREG)) remove_own(directory, entry->path());
  }
}

PrivateDirectory::~PrivateDirectory() {
  if (path_.empty()) return;
  if (const auto directory = open_own(path_)) remove_own(directory, path_);
}

}  // namespace tpmprobe::tpm
