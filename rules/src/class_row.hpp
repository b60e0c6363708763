// The classes of a tab's slots as they are kept: one byte for each slot, and a second for those that have more than 256
// classes. Where they are looked at they are unpacked.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "slot.hpp"

namespace beckon::rules::detail {

// Where a program's classes are in a row. Of a row: the lower bytes by slot, then the upper ones of wide slots.
class RowLayout {
 public:
  RowLayout() = default;
  explicit RowLayout(const std::vector<Slot>& slots)
      : slots_(static_cast<std::uint32_t>(slots.size())), upper_(slots.size()) {
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      if (slots[slot].classes.count() <= 0x100) continue;
      upper_[slot] = slots_ + static_cast<std::uint32_t>(wide_.size());
      wide_.push_back(slot);
    }
  }
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] std::size_t bytes() const { return slots_ + wide_.size(); }
  [[nodiscard]] const std::vector<std::uint32_t>& wide() const { return wide_; }
  // The place of a slot's upper byte; 0: it has none.
  [[nodiscard]] std::uint32_t upper(std::uint32_t slot) const { return upper_[slot]; }

 private:
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> wide_;   // slots, ascending
  std::vector<std::uint32_t> upper_;  // by slot
};

// Every call wants the layout that it was made with.
class ClassRow {
 public:
  // All kNoValue.
  void reset(const RowLayout& layout) { bytes_ = std::make_unique<unsigned char[]>(layout.bytes()); }
  // As another.
  void reset(const RowLayout& layout, const ClassRow& other) {
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<unsigned char[]>(layout.bytes());
    std::memcpy(bytes_.get(), other.bytes_.get(), layout.bytes());
  }
  [[nodiscard]] Class get(const RowLayout& layout, std::uint32_t slot) const {
    const std::uint32_t upper = layout.upper(slot);
    return static_cast<Class>(bytes_[slot] | (upper == 0 ? 0 : bytes_[upper] << 8));
  }
  void set(const RowLayout& layout, std::uint32_t slot, Class c) {
    bytes_[slot] = static_cast<unsigned char>(c);
    if (const std::uint32_t upper = layout.upper(slot)) bytes_[upper] = static_cast<unsigned char>(c >> 8);
  }
  // Into as many as the layout has slots.
  void unpack(const RowLayout& layout, Class* classes) const {
    const std::uint32_t slots = layout.slots();
    if (slots >= kAtOnce) {
      for (std::uint32_t i = 0; i + kAtOnce < slots; i += kAtOnce) unpack_some(i, classes);
      unpack_some(slots - kAtOnce, classes);  // the last ones overlap those before
    } else {
      for (std::uint32_t i = 0; i < slots; ++i) classes[i] = bytes_[i];
    }
    for (const std::uint32_t slot : layout.wide()) classes[slot] = get(layout, slot);
  }
  [[nodiscard]] std::size_t memory_bytes(const RowLayout& layout) const { return bytes_ ? layout.bytes() : 0; }

 private:
  static constexpr std::uint32_t kAtOnce = 8;
  void unpack_some(std::uint32_t from, Class* classes) const {
    typedef unsigned char Bytes __attribute__((vector_size(kAtOnce)));
    typedef Class Unpacked __attribute__((vector_size(kAtOnce * sizeof(Class))));
    Bytes bytes;
    std::memcpy(&bytes, bytes_.get() + from, sizeof bytes);
    const Unpacked unpacked = __builtin_convertvector(bytes, Unpacked);
    std::memcpy(classes + from, &unpacked, sizeof unpacked);
  }

  std::unique_ptr<unsigned char[]> bytes_;
};

}  // namespace beckon::rules::detail
