// A frozen map from strings to numbers, made for one short probe: event names, constants, literal prefixes.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace beckon::rules::detail {

// A 64-bit hash for tables in memory; not stable between versions. Multiply and fold, eight bytes at a time.
inline std::uint64_t hash_bytes(const char* p, std::size_t size) {
  constexpr std::uint64_t kMultiplier = 0x9fb21c651e98df25ull;
  std::uint64_t h = size * kMultiplier;
  while (size >= 8) {
    std::uint64_t w;
    std::memcpy(&w, p, 8);
    h = (h ^ w) * kMultiplier;
    h ^= h >> 32;
    p += 8;
    size -= 8;
  }
  std::uint64_t w = 0;
  if (size >= 4) {
    std::uint32_t low, high;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + size - 4, 4);
    w = low | (std::uint64_t{high} << 32);
  } else if (size > 0) {
    w = static_cast<unsigned char>(p[0]) | (std::uint64_t{static_cast<unsigned char>(p[size / 2])} << 8) |
        (std::uint64_t{static_cast<unsigned char>(p[size - 1])} << 16);
  }
  h = (h ^ w) * kMultiplier;
  return h ^ (h >> 29);
}

// memcmp() == 0 without a call, for short texts.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto differ = [a, b]<typename Word>(Word, std::size_t at) {
    Word x, y;
    std::memcpy(&x, a + at, sizeof x);
    std::memcpy(&y, b + at, sizeof y);
    return x ^ y;
  };
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 8) return (differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, size - 8)) == 0;
  if (size >= 4) return (differ(std::uint32_t{}, 0) | differ(std::uint32_t{}, size - 4)) == 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

class StringTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // Gives the key's number: `value` when it is new.
  std::uint32_t add(std::string_view key, std::uint32_t value) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    const std::uint64_t hash = hash_bytes(key.data(), key.size());
    Slot& slot = slots_[probe(key, hash)];
    if (slot.value != kNone) return slot.value;
    slot = {static_cast<std::uint32_t>(hash), value, static_cast<std::uint32_t>(text_.size()),
            static_cast<std::uint32_t>(key.size())};
    text_.append(key);
    ++count_;
    return value;
  }
  [[nodiscard]] std::uint32_t find(std::string_view key) const {
    if (count_ == 0) return kNone;
    return slots_[probe(key, hash_bytes(key.data(), key.size()))].value;
  }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Slot {
    std::uint32_t hash = 0, value = kNone, offset = 0, length = 0;
  };
  [[nodiscard]] std::size_t probe(std::string_view key, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = (hash >> 20) & mask;
    while (slots_[i].value != kNone) {
      const Slot& slot = slots_[i];
      if (slot.hash == static_cast<std::uint32_t>(hash) && slot.length == key.size() &&
          same_bytes(text_.data() + slot.offset, key.data(), key.size())) {
        break;
      }
      i = (i + 1) & mask;
    }
    return i;
  }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 16 : old.size() * 2, Slot{});
    for (const Slot& slot : old) {
      if (slot.value == kNone) continue;
      const std::string_view key(text_.data() + slot.offset, slot.length);
      slots_[probe(key, hash_bytes(key.data(), key.size()))] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::string text_;
  std::size_t count_ = 0;
};

// Names, numbered from 0 in the order in which they come.
class NameTable {
 public:
  std::uint32_t add(std::string_view name) {
    const std::uint32_t number = numbers_.add(name, static_cast<std::uint32_t>(texts_.size()));
    if (number == texts_.size()) texts_.emplace_back(name);
    return number;
  }
  // kNone when it has none.
  [[nodiscard]] std::uint32_t find(std::string_view name) const { return numbers_.find(name); }
  [[nodiscard]] const std::string& operator[](std::uint32_t number) const { return texts_[number]; }

 private:
  StringTable numbers_;
  std::vector<std::string> texts_;
};

}  // namespace beckon::rules::detail
