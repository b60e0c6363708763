// The remembered events of one visitor: a log of bytes, oldest first, that forgets its head when it grows beyond its bounds.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "beckon/rules/event.hpp"
#include "compact.hpp"

namespace beckon::rules::detail {

// The name of an event that the program does not know: an earlier file asked about it, and a later one may again.
inline constexpr std::uint32_t kForeignName = 0x7fffffff;

// One remembered event. Views point into the history and live until it changes.
struct Remembered {
  std::uint32_t number = 0;  // counts up from 1 over a visitor's life
  Instant t{};
  bool is_page = false;
  std::uint32_t name = 0;    // of a named event: its id in the program
  std::string_view tab;
  std::string_view path;     // of a page; for kForeignName the name
  std::vector<EventDatum> data;

  [[nodiscard]] const EventScalar* find(std::string_view key) const;
};

class History {
 public:
  // `weight` as the fine print of the rules counts it; see kMaxRememberedBytes.
  void add(const Remembered& event, std::uint32_t weight);
  // Beyond its bounds: the caller reads oldest(), then forgets it.
  [[nodiscard]] bool too_large() const;
  void oldest(Remembered& event) const;
  void forget_oldest();

  // Calls visit(const Remembered&) for all, oldest first.
  template <typename Visit>
  void each(Visit&& visit) const {
    Remembered event;
    Cursor cursor = begin();
    while (read(cursor, event)) visit(event);
  }
  [[nodiscard]] std::uint32_t size() const { return count_; }
  [[nodiscard]] std::uint32_t next_number() const { return next_; }
  [[nodiscard]] std::size_t memory_bytes() const { return sizeof *this + bytes_.memory_bytes(); }

 private:
  struct Cursor {
    std::uint32_t at, number;
    std::int64_t t;
  };
  [[nodiscard]] Cursor begin() const { return {head_, next_ - count_, base_ms_}; }
  bool read(Cursor& cursor, Remembered& event, std::uint32_t* weight = nullptr) const;

  Compact<char> bytes_;
  std::uint32_t head_ = 0;    // of the oldest in bytes_
  std::uint32_t count_ = 0;
  std::uint32_t next_ = 1;
  std::uint32_t weight_ = 0;
  std::int64_t base_ms_ = 0;  // what the oldest's instant is counted from
  std::int64_t last_ms_ = 0;  // of the newest
};

}  // namespace beckon::rules::detail
