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
  // What it counts towards kMaxRememberedBytes. `name_bytes`: of its name, or of a page's path.
  [[nodiscard]] std::uint32_t weight(std::size_t name_bytes) const;
};

class History {
 public:
  // `weight`: the event's own.
  void add(const Remembered& event, std::uint32_t weight);
  // Beyond its bounds: the caller reads oldest(), then forgets it.
  [[nodiscard]] bool too_large() const;
  void oldest(Remembered& event) const;
  // `weight`: of the oldest event, as it was added.
  void forget_oldest(std::uint32_t weight);

  // Calls visit(const Remembered&) for all, oldest first.
  template <typename Visit>
  void each(Visit&& visit) const {
    Remembered event;
    Cursor cursor = begin();
    while (read(cursor, event)) visit(event);
  }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::uint32_t size() const { return bytes_.empty() ? 0 : head().count; }
  [[nodiscard]] std::uint32_t next_number() const { return bytes_.empty() ? 1 : head().next; }
  [[nodiscard]] std::size_t memory_bytes() const { return bytes_.memory_bytes(); }

 private:
  // What bytes_ begins with, once an event was added; the events are behind it.
  struct Head {
    std::int64_t base_ms, last_ms;  // what the oldest's instant is counted from; the newest's instant
    std::uint32_t count, next;      // events; the next one's number
    std::uint32_t weight;           // of all
    std::uint32_t tab;              // where in bytes_ the tab that was written last is
  };
  struct Cursor {
    std::uint32_t at, number;
    std::int64_t t;
    std::string_view tab;
  };
  [[nodiscard]] Head& head() { return *reinterpret_cast<Head*>(bytes_.data()); }
  [[nodiscard]] const Head& head() const { return *reinterpret_cast<const Head*>(bytes_.data()); }
  [[nodiscard]] Cursor begin() const;
  bool read(Cursor& cursor, Remembered& event) const;

  Compact<char> bytes_;
};

}  // namespace beckon::rules::detail
