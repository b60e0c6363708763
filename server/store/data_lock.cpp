#include "store/data_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace beckon::store {
namespace {

base::Error cannot_write(const std::filesystem::path& what, int code) {
  return {base::ErrorCode::kUnavailable,
          "cannot write " + what.string() + ": " + std::generic_category().message(code)};
}

// " (process 123)" when whoever holds the lock has written that down.
std::string holder(int descriptor) {
  std::array<char, 16> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size() - 1, 0);
  if (size <= 0) return "";
  return " (process " + std::string(text.data(), static_cast<std::size_t>(size)) + ")";
}

}  // namespace

base::Result<DataLock> DataLock::acquire(const std::filesystem::path& dir) {
  std::error_code made;
  const bool is_new = std::filesystem::create_directories(dir, made);
  // What is kept is personal: nobody but the server's user needs to look into it.
  if (is_new) std::filesystem::permissions(dir, std::filesystem::perms::owner_all, made);
  if (made) return cannot_write(dir, made.value());
  const std::filesystem::path file = dir / "beckon.lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(file, errno);
  DataLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::Error{base::ErrorCode::kConflict,
                       "the data directory " + dir.string() + " is in use by another beckon" + holder(descriptor)};
  }
  const std::string pid = std::to_string(getpid());
  // Only for the message above: where it cannot be written the lock holds all the same.
  if (ftruncate(descriptor, 0) == 0 && pwrite(descriptor, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

DataLock::DataLock(DataLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DataLock::~DataLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace beckon::store
