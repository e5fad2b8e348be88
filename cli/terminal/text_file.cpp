// SPDX-License-Identifier: BSD-2-Clause
// Files that are read or written as a whole. read_text_file() takes pipes, too, and has a limit;
// write_atomically() goes by NewFile, which is written beside its later place and then renamed;
// why_not_writable() makes and removes one.
#include "cli/terminal/text_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::cli {
namespace {

constexpr mode_t kPermissionBits = 07777;
constexpr mode_t kNewFile = 0666;  // the umask takes the rest
constexpr int kAttempts = 100;

using Reason = std::optional<std::string>;

Reason last_error() {
  return std::strerror(errno);
}

/// Why what is at `path` must not be replaced.
Reason why_not_replaceable(const std::string& path, std::optional<mode_t>& mode) {
  if (path.ends_with('/')) return std::strerror(EISDIR);
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? std::nullopt : last_error();
  }
  mode = found.st_mode & kPermissionBits;
  if (S_ISREG(found.st_mode)) return std::nullopt;
  if (S_ISDIR(found.st_mode)) return std::strerror(EISDIR);
  return S_ISLNK(found.st_mode) ? "it is a symbolic link" : "it is not a regular file";
}

/// A new file next to its later place; removed again unless it was moved there.
class NewFile {
 public:
  explicit NewFile(const std::string& target) {
    const std::filesystem::path path(target);
    for (int attempt = 0; attempt < kAttempts && descriptor_ < 0; ++attempt) {
      const auto name = fmt::format(".tpmprobe-{}-{}", static_cast<long>(getpid()), attempt);
      path_ = (path.parent_path() / name).string();
      constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
      descriptor_ = open(path_.c_str(), kFlags, kNewFile);
      if (descriptor_ < 0 && errno != EEXIST) return;
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ < 0) return;
    close(descriptor_);
    if (!moved_) unlink(path_.c_str());
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  bool fill(std::string_view content) const {
    while (!content.empty()) {
      const auto written = write(descriptor_, content.data(), content.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(descriptor_) == 0;
  }

  [[nodiscard]] bool set_mode(mode_t mode) const { return fchmod(descriptor_, mode) == 0; }

  bool move_to(const std::string& target) {
    moved_ = rename(path_.c_str(), target.c_str()) == 0;
    return moved_;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
  bool moved_ = false;
};

/// Makes the rename itself survive a power cut. Not every file system can; the content is safe.
void flush_folder(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int descriptor =
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

tl::expected<std::string, std::string> read_text_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{16} << 20U;
  const tpm::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return tl::unexpected(tpm::os_error_text(errno));
  std::string text;
  std::array<char, 65536> buffer{};
  ssize_t count = 0;
  while ((count = ::read(file.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kMost) return tl::unexpected(tpm::os_error_text(EFBIG));
  }
  if (count < 0) return tl::unexpected(tpm::os_error_text(errno));
  return text;
}

std::optional<std::string> write_atomically(const std::string& path, std::string_view content) {
  std::optional<mode_t> mode;
  if (auto reason = why_not_replaceable(path, mode)) return reason;
  NewFile file(path);
  if (!file.is_open() || !file.fill(content)) return last_error();
  if (mode && !file.set_mode(*mode)) return last_error();
  if (!file.move_to(path)) return last_error();
  flush_folder(path);
  return std::nullopt;
}

std::optional<std::string> why_not_writable(const std::string& path) {
  std::optional<mode_t> mode;
  if (auto reason = why_not_replaceable(path, mode)) return reason;
  const NewFile file(path);
  return file.is_open() ? std::nullopt : last_error();
}

}  // namespace tpmprobe::cli
