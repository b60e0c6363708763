#include "cli/file_shelf.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "cli/shelf_slots.hpp"

namespace beckon::cli {
namespace {

// Record: [size of id][size of record][id][record], sizes as 32-bit numbers. A record that is replaced stays in the file as waste.
class FileShelf final : public rules::VisitorShelf {
 public:
  FileShelf() : file_(std::tmpfile()) {}
  ~FileShelf() override {
    if (file_) std::fclose(file_);
  }

  void put(std::string_view id, std::string_view record) override {
    const std::uint64_t offset = written_ + tail_.size();
    const std::uint32_t sizes[2] = {static_cast<std::uint32_t>(id.size()), static_cast<std::uint32_t>(record.size())};
    tail_.append(reinterpret_cast<const char*>(sizes), sizeof sizes).append(id).append(record);
    const std::size_t at = find(id, Looking::kForRoom);
    slots_.set(at, {hash_of(id), offset + 1});
    constexpr std::size_t kTailBytes = 1 << 20;
    if (file_ && tail_.size() >= kTailBytes) flush();
  }

  bool take(std::string_view id, std::string& record) override {
    if (slots_.size() == 0) return false;
    const std::size_t at = find(id, Looking::kForRecord);
    const Slot found = slots_.get(at);
    if (found.place <= kGone) return false;
    std::string stored;
    read(found.place - 1, stored, &record);
    slots_.set(at, {found.hash, kGone});
    return true;
  }

  void clear() override {
    slots_ = ShelfSlots();
    count_ = 0;
  }

 private:
  // `place` is the record's offset + 1. Offsets begin at 1, so that kGone is none.
  static constexpr std::uint64_t kFree = 0, kGone = 1;
  using Slot = ShelfSlots::Slot;
  enum class Looking { kForRoom, kForRecord };

  static std::uint64_t hash_of(std::string_view id) {
    std::uint64_t h = 0xcbf29ce484222325ull;  // FNV-1a
    for (const char c : id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return h ^ (h >> 32);
  }

  // The id's slot, or where there is none: for room one that may be written, for a record one that is free.
  std::size_t find(std::string_view id, Looking looking) {
    if (looking == Looking::kForRoom && (count_ + 1) * 4 > slots_.size() * 3) grow();
    const std::uint64_t hash = hash_of(id);
    const std::size_t mask = slots_.size() - 1;
    std::optional<std::size_t> room;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      const Slot at = slots_.get(i);
      if (at.place == kFree) {
        if (looking == Looking::kForRoom && !room) ++count_;
        return room.value_or(i);
      }
      if (at.place == kGone) {
        if (looking == Looking::kForRoom && !room) room = i;
        continue;
      }
      if (at.hash != hash) continue;
      std::string stored;
      read(at.place - 1, stored, nullptr);
      if (stored == id) return i;
    }
  }

  void grow() {
    ShelfSlots old = std::move(slots_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < old.size(); ++i) kept += old.get(i).place > kGone;
    std::size_t size = 1024;
    while (size < kept * 3) size *= 2;
    slots_ = ShelfSlots(size);
    count_ = kept;
    for (std::size_t from = 0; from < old.size(); ++from) {
      const Slot at = old.get(from);
      if (at.place <= kGone) continue;
      std::size_t i = at.hash & (size - 1);
      while (slots_.get(i).place != kFree) i = (i + 1) & (size - 1);
      slots_.set(i, at);
    }
  }

  void flush() {
    std::size_t done = 0;
    while (done < tail_.size()) {
      const ssize_t wrote = pwrite(fileno(file_), tail_.data() + done, tail_.size() - done,
                                   static_cast<off_t>(written_ + done - kFirst));
      if (wrote <= 0) return;  // no room on the disk: the tail stays in memory
      done += static_cast<std::size_t>(wrote);
    }
    written_ += tail_.size();
    tail_.clear();
  }

  void copy(std::uint64_t offset, char* to, std::size_t size) const {
    if (offset >= written_) {
      std::memcpy(to, tail_.data() + (offset - written_), size);
    } else if (pread(fileno(file_), to, size, static_cast<off_t>(offset - kFirst)) != static_cast<ssize_t>(size)) {
      std::memset(to, 0, size);
    }
  }

  void read(std::uint64_t offset, std::string& id, std::string* record) const {
    std::uint32_t sizes[2];
    copy(offset, reinterpret_cast<char*>(sizes), sizeof sizes);
    id.resize(sizes[0]);
    copy(offset + sizeof sizes, id.data(), id.size());
    if (!record) return;
    record->resize(sizes[1]);
    copy(offset + sizeof sizes + id.size(), record->data(), record->size());
  }

  static constexpr std::uint64_t kFirst = 1;
  std::FILE* file_;
  std::string tail_;              // not in the file yet
  std::uint64_t written_ = kFirst;
  ShelfSlots slots_;
  std::size_t count_ = 0;         // slots that are not free
};

}  // namespace

std::unique_ptr<rules::VisitorShelf> make_file_shelf() { return std::make_unique<FileShelf>(); }

}  // namespace beckon::cli
