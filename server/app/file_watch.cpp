#include "app/file_watch.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace beckon::app {

FileWatch::Stamp FileWatch::stamp_of(const std::filesystem::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return {};
  return {true, s.st_mode, s.st_ino, s.st_size, s.st_mtim.tv_sec * 1'000'000'000LL + s.st_mtim.tv_nsec};
}

void FileWatch::set(const std::vector<std::filesystem::path>& paths) {
  std::vector<Watched> next;
  for (const auto& path : paths) {
    const auto same = std::find_if(watched_.begin(), watched_.end(), [&](const Watched& w) { return w.path == path; });
    next.push_back(same != watched_.end() ? *same : Watched{path, stamp_of(path)});
  }
  watched_ = std::move(next);
}

bool FileWatch::look() {
  bool changed = false;
  for (Watched& watched : watched_) {
    const Stamp now = stamp_of(watched.path);
    changed = changed || !(now == watched.stamp);
    watched.stamp = now;
  }
  return changed;
}

}  // namespace beckon::app
