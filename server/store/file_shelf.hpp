// The contents of uploaded files: one file each in DIR/files, by its id, written once and never changed.
//
// Thread safety: every function may be called from any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace beckon::store {

class FileShelf {
 public:
  // Of a data directory. The folder is made by the first put.
  explicit FileShelf(const std::filesystem::path& dir);

  // On disk when it returns: the content, and its name in the folder. kConflict: there is one of that id;
  // kUnavailable: it could not be written, and nothing of it is left.
  [[nodiscard]] base::Status put(const base::FileId& id, std::string_view content) const;
  // nullopt: it is not there, or cannot be read.
  [[nodiscard]] std::optional<std::string> get(const base::FileId& id) const;
  // One that is not there is gone already.
  void remove(const base::FileId& id) const;
  // The names of everything in the folder, also of what a put that was cut short left behind.
  [[nodiscard]] std::vector<base::FileId> list() const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  [[nodiscard]] std::filesystem::path path_of(const base::FileId& id) const { return folder_ / id.text(); }
  std::filesystem::path folder_;
};

}  // namespace beckon::store
