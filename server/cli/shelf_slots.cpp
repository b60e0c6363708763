#include "cli/shelf_slots.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace beckon::cli {
namespace {

constexpr std::size_t kNone = SIZE_MAX;

off_t offset_of(std::size_t index) { return static_cast<off_t>(index * sizeof(ShelfSlots::Slot)); }

}  // namespace

ShelfSlots::ShelfSlots(std::size_t count) : size_(count), block_(kNone) {
  if (count > kMostInMemory) file_.reset(std::tmpfile());
  if (file_ && ftruncate(fileno(file_.get()), offset_of(count)) != 0) file_.reset();
  // Without reading ahead the kernel keeps small pieces, of which a write costs less.
  if (file_) posix_fadvise(fileno(file_.get()), 0, 0, POSIX_FADV_RANDOM);
  slots_.resize(file_ ? kBlock : count);
}

ShelfSlots::Slot ShelfSlots::get(std::size_t index) {
  if (!file_) return slots_[index];
  if (index / kBlock != block_) load(index / kBlock);
  return slots_[index % kBlock];
}

void ShelfSlots::set(std::size_t index, const Slot& slot) {
  if (file_ && pwrite(fileno(file_.get()), &slot, sizeof slot, offset_of(index)) != sizeof slot) move_to_memory();
  if (!file_) {
    slots_[index] = slot;
  } else if (index / kBlock == block_) {
    slots_[index % kBlock] = slot;
  }
}

void ShelfSlots::load(std::size_t block) {
  const std::size_t bytes = kBlock * sizeof(Slot);
  if (pread(fileno(file_.get()), slots_.data(), bytes, offset_of(block * kBlock)) != static_cast<ssize_t>(bytes)) {
    slots_.assign(kBlock, Slot{});
  }
  block_ = block;
}

void ShelfSlots::move_to_memory() {
  std::vector<Slot> all;
  all.reserve(size_);
  for (std::size_t block = 0; block < size_ / kBlock; ++block) {
    load(block);
    all.insert(all.end(), slots_.begin(), slots_.end());
  }
  slots_ = std::move(all);
  file_.reset();
}

}  // namespace beckon::cli
