// The hash table of a shelf's file: where each record begins. In memory while it is small, then in a temporary file of
// its own, so that memory does not grow with the visitors that were ever seen.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

namespace beckon::cli {

// Thread safety: none.
class ShelfSlots {
 public:
  struct Slot {
    std::uint64_t hash = 0, place = 0;
  };
  // A table of more slots than this is in a file.
  static constexpr std::size_t kMostInMemory = std::size_t{1} << 16;

  // `count` slots, all zero.
  explicit ShelfSlots(std::size_t count = 0);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Slot get(std::size_t index);
  void set(std::size_t index, const Slot& slot);

 private:
  static constexpr std::size_t kBlock = 32;  // slots read at once: who looks for one looks at its neighbours
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void load(std::size_t block);
  // Where the disk has no room.
  void move_to_memory();

  std::size_t size_;
  std::unique_ptr<std::FILE, Close> file_;  // nullptr: all is in memory
  std::vector<Slot> slots_;                 // all, or of a file one block
  std::size_t block_;                       // the one that is there
};

}  // namespace beckon::cli
