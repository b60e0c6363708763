// A directory of a test's own under the system's temporary one, removed at the end.
#pragma once

#include <filesystem>
#include <string>

#include "base/secret.hpp"

namespace beckon {

class TempDir {
 public:
  TempDir() : path_(std::filesystem::temp_directory_path() / ("beckon-test-" + base::random_text(9))) {
    std::filesystem::create_directories(path_);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace beckon
