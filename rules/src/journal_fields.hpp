// The words of a journal line, as numbers: its types and the keys that a reader knows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "beckon/json/reader.hpp"
#include "beckon/rules/event.hpp"
#include "beckon/rules/time.hpp"

namespace beckon::rules {

// A fixed set of words and the place of each, found in about ten nanoseconds.
template <std::size_t kSize>
class WordTable {
 public:
  constexpr explicit WordTable(const std::array<std::string_view, kSize>& words) : words_(words) {
    for (std::size_t i = 0; i < kSize; ++i) {
      std::size_t slot = hash(words[i]);
      while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::uint8_t>(i + 1);
    }
  }

  [[nodiscard]] constexpr std::string_view operator[](std::size_t place) const { return words_[place]; }

  [[nodiscard]] constexpr std::optional<std::size_t> find(std::string_view word) const {
    for (std::size_t slot = hash(word); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
      if (words_[slots_[slot] - 1u] == word) return slots_[slot] - 1u;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kSlots = 256;
  static_assert(kSize < kSlots / 2);

  static constexpr std::size_t hash(std::string_view word) {
    if (word.empty()) return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(word[i]); };
    return (word.size() * 37u + at(0) * 11u + at(word.size() / 2) * 5u + at(word.size() - 1) * 3u) % kSlots;
  }

  std::array<std::string_view, kSize> words_;
  std::array<std::uint8_t, kSlots> slots_{};
};

// The order is that of EventType; site lines and the rest behind it.
inline constexpr WordTable kLineTypes(std::array<std::string_view, 22>{
    "page", "cart", "order", "refund", "event", "visible", "hidden", "activity", "exit_intent", "leave", "scroll",
    "attr", "tag", "consent", "identified", "outcome", "chat", "visitor", "operators", "hours", "rules", "gap"});
inline constexpr std::size_t kEventTypes = 17;

enum class Key : std::uint8_t {
  kT, kVisitor, kTab, kType, kUrl, kTitle, kReferrer, kHidden, kCountry, kLanguage, kDevice, kBrowser, kOs, kUa,
  kValue, kItems, kCurrency, kMargin, kId, kName, kData, kPercent, kRule, kOutcome, kState,
  kOnline, kFreeSlots, kQueue, kSkills, kOpen, kText, kHash, kSite, kTimeZone, kShard, kShards,
};
inline constexpr std::size_t kKeys = 36;
inline constexpr WordTable kKeyNames(std::array<std::string_view, kKeys>{
    "t", "visitor", "tab", "type", "url", "title", "referrer", "hidden", "country", "language", "device", "browser",
    "os", "ua", "value", "items", "currency", "margin", "id", "name", "data", "percent", "rule", "outcome", "state",
    "online", "free_slots", "queue", "skills", "open", "text", "hash", "site", "time_zone", "shard", "shards"});

[[nodiscard]] constexpr std::string_view name_of(Key key) { return kKeyNames[static_cast<std::size_t>(key)]; }

// Instants from 1970 to the end of 9999: room for any duration behind them.
inline constexpr std::int64_t kLastInstantMs = 253'402'300'799'999;

// A whole number of milliseconds since 1970; nullopt for any other number.
[[nodiscard]] inline std::optional<Instant> to_instant(std::string_view digits) {
  const std::optional<std::int64_t> ms = json::to_int64(digits);
  if (!ms || *ms < 0 || *ms > kLastInstantMs) return std::nullopt;
  return at_ms(*ms);
}

// A count; nullopt for any other number.
[[nodiscard]] inline std::optional<std::uint32_t> to_count(std::string_view digits) {
  const std::optional<std::int64_t> count = json::to_int64(digits);
  if (!count || *count < 0 || *count > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*count);
}

}  // namespace beckon::rules
