#include "store/file_shelf.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace beckon::store {
namespace {

constexpr char kPartOf[] = ".part";

// Closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_file(const std::filesystem::path& file, std::string_view content) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  return out.number() >= 0 && write_all(out.number(), content) && ::fsync(out.number()) == 0;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor in(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return in.number() >= 0 && ::fsync(in.number()) == 0;
}

// Made durable, too: a folder that a power cut takes away takes its files with it.
bool make_folder(const std::filesystem::path& folder) {
  std::error_code code;
  if (!std::filesystem::create_directory(folder, code)) return !code;
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
  return !code && sync_folder(folder.parent_path());
}

base::Error cannot_write(const std::filesystem::path& file, int why) {
  if (why == ENOSPC) return {base::ErrorCode::kUnavailable, "no space left for the file " + file.string()};
  return {base::ErrorCode::kUnavailable, "cannot write " + file.string() + ": " + std::strerror(why)};
}

}  // namespace

FileShelf::FileShelf(const std::filesystem::path& dir) : folder_(dir / "files") {}

base::Status FileShelf::put(const base::FileId& id, std::string_view content) const {
  const std::filesystem::path file = path_of(id), part = file.string() + kPartOf;
  errno = 0;
  base::Status kept;
  bool linked = false;
  if (!make_folder(folder_) || !write_file(part, content)) {
    kept = cannot_write(file, errno);
  } else if (::link(part.c_str(), file.c_str()) != 0) {   // unlike a rename it takes the place of nothing
    kept = errno == EEXIST ? base::Error{base::ErrorCode::kConflict, "a file has that id already"}
                           : cannot_write(file, errno);
  } else {
    linked = true;
  }
  ::unlink(part.c_str());
  if (linked && !sync_folder(folder_)) {
    kept = cannot_write(file, errno);
    ::unlink(file.c_str());
  }
  return kept;
}

std::optional<std::string> FileShelf::get(const base::FileId& id) const {
  if (!base::is_file_id(id.text())) return std::nullopt;
  std::ifstream in(path_of(id), std::ios::binary);
  if (!in) return std::nullopt;
  std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return in.bad() ? std::nullopt : std::optional(std::move(content));
}

void FileShelf::remove(const base::FileId& id) const { ::unlink(path_of(id).c_str()); }

std::vector<base::FileId> FileShelf::list() const {
  std::vector<base::FileId> names;
  std::error_code code;
  for (std::filesystem::directory_iterator entry(folder_, code), end; !code && entry != end; entry.increment(code)) {
    names.emplace_back(entry->path().filename().string());
  }
  return names;
}

}  // namespace beckon::store
