// One process at a time writes to a data directory.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace beckon::store {

// Holds DIR/beckon.lock; the kernel lets go of it when the process ends, however it ends.
class DataLock {
 public:
  // Makes the directory when it is not there. kConflict: another process holds it; kUnavailable: it cannot be written.
  [[nodiscard]] static base::Result<DataLock> acquire(const std::filesystem::path& dir);
  DataLock(DataLock&& other) noexcept;
  DataLock& operator=(DataLock&&) = delete;
  ~DataLock();

 private:
  explicit DataLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace beckon::store
