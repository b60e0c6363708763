// Notices that files have changed: by their stamps, looked at now and then. Works on every file system, for editors
// that write in place and for those that put a new file in the old one's place; a file that is deleted or becomes a
// folder counts too.
//
// Thread safety: none; it belongs to the thread that looks.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace beckon::app {

class FileWatch {
 public:
  // Watches these files from now on. A file of the set before keeps the stamp that was seen then.
  void set(const std::vector<std::filesystem::path>& paths);
  // Whether any of them is another than at the last look.
  [[nodiscard]] bool look();

 private:
  struct Stamp {
    bool exists = false;
    mode_t mode = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Watched {
    std::filesystem::path path;
    Stamp stamp;
  };
  static Stamp stamp_of(const std::filesystem::path& path);
  std::vector<Watched> watched_;
};

}  // namespace beckon::app
