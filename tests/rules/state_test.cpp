// The containers of a visitor's state against plain ones, and at the sizes at which their layout changes.
#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <random>

#include "attributes.hpp"
#include "beckon/rules/limits.hpp"
#include "class_row.hpp"
#include "counts.hpp"
#include "few.hpp"
#include "fields.hpp"
#include "history.hpp"

namespace beckon::rules::detail {
namespace {

// An event that owns its texts.
struct Kept {
  std::uint32_t number = 0, name = 0;
  std::int64_t t = 0;
  bool is_page = false;
  std::string tab, path, text;
  double amount = 0;
  bool has_data = false;
};

Remembered remembered(const Kept& kept) {
  Remembered event;
  event.number = kept.number;
  event.t = at_ms(kept.t);
  event.is_page = kept.is_page;
  event.name = kept.name;
  event.tab = kept.tab;
  if (kept.is_page || kept.name == kForeignName) event.path = kept.path;
  if (kept.has_data) event.data = {{"text", std::string_view(kept.text)}, {"amount", kept.amount}, {"flag", true}};
  return event;
}

void require_same(const Remembered& found, const Kept& kept) {
  const Remembered expected = remembered(kept);
  REQUIRE(found.number == expected.number);
  REQUIRE(found.t == expected.t);
  REQUIRE(found.is_page == expected.is_page);
  REQUIRE(found.name == expected.name);
  REQUIRE(found.tab == expected.tab);
  REQUIRE(found.path == expected.path);
  REQUIRE(found.data.size() == expected.data.size());
  for (std::size_t i = 0; i < found.data.size(); ++i) {
    REQUIRE(found.data[i].key == expected.data[i].key);
    REQUIRE(found.data[i].value == expected.data[i].value);
  }
}

Kept random_event(std::mt19937& random, std::uint32_t number, std::int64_t t) {
  static const char* const kTabs[] = {"0", "0", "0", "a tab of another name", ""};
  static constexpr std::uint32_t kNames[] = {0, 29, 30, 5'000, kForeignName};
  Kept kept;
  kept.number = number;
  kept.t = t;
  kept.tab = kTabs[random() % 5];
  kept.is_page = random() % 3 == 0;
  kept.name = kept.is_page ? 0 : kNames[random() % 5];
  kept.path = std::string(random() % 200, 'p');
  kept.has_data = !kept.is_page && random() % 4 == 0;
  kept.text = std::string(random() % 20, 't');
  kept.amount = static_cast<double>(random() % 1000) / 8;
  return kept;
}

TEST_CASE("a history gives back what it was given, whatever it has forgotten before") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    History history;
    std::deque<Kept> expected;
    std::int64_t t = 1'700'000'000'000;
    std::uint32_t number = 1;
    for (int step = 0; step < 60; ++step) {
      if (random() % 3 == 0 && !expected.empty()) {
        Remembered oldest;
        history.oldest(oldest);
        require_same(oldest, expected.front());
        history.forget_oldest(1);
        expected.pop_front();
      } else {
        t += random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 5'000'000);
        REQUIRE(history.next_number() == number);
        expected.push_back(random_event(random, number++, t));
        history.add(remembered(expected.back()), 1);
      }
      REQUIRE(history.size() == expected.size());
      std::size_t i = 0;
      history.each([&](const Remembered& event) { require_same(event, expected[i++]); });
      REQUIRE(i == expected.size());
    }
  }
}

TEST_CASE("a history is too large beyond so many events, or so many bytes") {
  History events, bytes;
  Kept kept;  // outlives its views
  kept.tab = "0";
  const Remembered event = remembered(kept);
  for (std::size_t i = 0; i < kMaxRememberedEvents; ++i) events.add(event, 1);
  CHECK_FALSE(events.too_large());
  events.add(event, 1);
  CHECK(events.too_large());
  events.forget_oldest(1);
  CHECK_FALSE(events.too_large());
  CHECK(events.next_number() == kMaxRememberedEvents + 2);

  bytes.add(event, 1);
  bytes.add(event, kMaxRememberedBytes - 1);
  CHECK_FALSE(bytes.too_large());
  bytes.add(event, 1);
  CHECK(bytes.too_large());
  bytes.forget_oldest(1);
  CHECK_FALSE(bytes.too_large());
}

TEST_CASE("counts take a second byte when one of them needs it, and keep the others") {
  Counts counts;
  CHECK(counts[3] == 0);
  counts.reset(20);
  for (std::uint32_t i = 0; i < 20; ++i) counts.set(i, static_cast<std::uint16_t>(i));
  counts.set(4, 255);
  const std::size_t narrow = counts.memory_bytes();
  counts.set(5, 256);
  CHECK(counts.memory_bytes() == narrow + 20);
  counts.set(19, 1'001);
  for (std::uint32_t i = 0; i < 20; ++i) CHECK(counts[i] == (i == 4 ? 255 : i == 5 ? 256 : i == 19 ? 1'001 : i));
  counts.fill(0, 6);
  for (std::uint32_t i = 0; i < 20; ++i) CHECK(counts[i] == (i < 6 ? 0 : i == 19 ? 1'001 : i));
}

TEST_CASE("fields are what they were last set to") {
  std::mt19937 random(11);
  static constexpr std::size_t kLengths[] = {0, 1, 7, 8, 14, 15, 16, 254, 255, 256, 2'048};
  for (int round = 0; round < 100; ++round) {
    Fields fields;
    std::map<std::uint8_t, std::string> expected;
    for (int step = 0; step < 60; ++step) {
      const std::uint8_t field = static_cast<std::uint8_t>(random() % 16);
      if (random() % 4 == 0) {
        fields.erase(field);
        expected.erase(field);
      } else {
        static constexpr const char* kWords[] = {"desktop", "mobile", "chromeos", "\x80", "\x8f", "\xff", "x"};
        const std::string letters(kLengths[random() % std::size(kLengths)], static_cast<char>('a' + random() % 26));
        const std::string value = random() % 3 == 0 ? kWords[random() % std::size(kWords)] : letters;
        fields.set(field, value);
        expected[field] = value;
      }
      for (std::uint8_t i = 0; i < 16; ++i) {
        const auto found = fields.find(i);
        REQUIRE(found.has_value() == (expected.count(i) == 1));
        if (found) REQUIRE(*found == expected[i]);
      }
    }
  }
  Fields longest;
  longest.set(1, std::string(70'000, 'x'));
  longest.set(2, "y");
  CHECK(longest.get(1) == std::string(0xffff, 'x'));
  CHECK(longest.get(2) == "y");
  longest.set_number<double>(15, 0.1);
  CHECK(longest.find_number<double>(15) == 0.1);
  longest.set_number<double>(15, std::nullopt);
  CHECK_FALSE(longest.find_number<double>(15).has_value());
}

TEST_CASE("attributes are kept whether or not the rules know their names") {
  NameTable names;
  for (int i = 0; i < 300; ++i) names.add("n" + std::to_string(i));
  const std::map<std::string, EventScalar> given = {
      {"n0", 0.0},   {"n1", 251.0},  {"n2", 252.0}, {"n3", -1.0}, {"n4", 0.5},       {"n5", true},
      {"n6", false}, {"n253", 7.0},  {"n254", 8.0}, {"n255", 9.0}, {"n256", 10.0},   {"other", "text"},
      {"n7", ""},    {std::string(255, 'x'), 1.0},
  };
  Compact<char> block;
  const auto set = [&](const std::string& name, const EventScalar& value) {
    return set_attribute(block, attribute_name(names, name), value);
  };
  const auto find = [&](const std::string& name) { return find_attribute(block, attribute_name(names, name)); };
  for (const auto& [name, value] : given) CHECK(set(name, value));
  for (const auto& [name, value] : given) CHECK(find(name) == value);
  std::map<std::string, EventScalar> found;
  AttributeName name;
  EventScalar value;
  for (std::uint32_t at = 0; next_attribute(block, at, name, value);) {
    found[name.number != StringTable::kNone ? names[name.number] : std::string(name.text)] = value;
  }
  CHECK(found == given);

  for (const auto& [changed, old] : given) CHECK(set(changed, 3.0));
  for (const auto& [changed, old] : given) CHECK(find(changed) == EventScalar(3.0));
  for (const auto& [gone, old] : given) {
    CHECK(set(gone, EventScalar()));
    CHECK_FALSE(find(gone).has_value());
  }
  CHECK(block.empty());
  CHECK_FALSE(set(std::string(256, 'x'), true));
  for (std::size_t i = 0; i < kMaxAttributes; ++i) CHECK(set("n" + std::to_string(i), true));
  CHECK_FALSE(set("one-more", true));
  CHECK(set("n0", false));
}

TEST_CASE("a tab's classes take two bytes where a slot has more than 256") {
  std::vector<Slot> slots(4);
  const auto classes = [&](std::size_t slot, int count) {
    constexpr int kOthers = 4;  // no value, a bool, a number below every threshold, a string
    for (int i = 0; i < count - kOthers; ++i) {
      slots[slot].classes.announce({Operator::kGte, {Scalar(static_cast<double>(i))}, {}});
    }
    slots[slot].classes.freeze();
    REQUIRE(slots[slot].classes.count() == count);
  };
  classes(0, 256);
  classes(1, 257);
  classes(3, 700);
  const RowLayout layout(slots);
  CHECK(layout.bytes() == 4 + 2);
  ClassRow row;
  row.reset(layout);
  const std::vector<Class> wanted = {255, 256, 2, 699};
  for (std::uint32_t slot = 0; slot < 4; ++slot) CHECK(row.get(layout, slot) == kNoValue);
  for (std::uint32_t slot = 0; slot < 4; ++slot) row.set(layout, slot, wanted[slot]);
  for (std::uint32_t slot = 0; slot < 4; ++slot) CHECK(row.get(layout, slot) == wanted[slot]);
  std::vector<Class> unpacked(4);
  row.unpack(layout, unpacked.data());
  CHECK(unpacked == wanted);
}

TEST_CASE("a tab's classes are unpacked, however many there are") {
  for (std::uint32_t count = 1; count < 40; ++count) {
    const std::vector<Slot> slots(count);
    const RowLayout layout(slots);
    ClassRow row;
    row.reset(layout);
    std::vector<Class> wanted(count), unpacked(count);
    for (std::uint32_t slot = 0; slot < count; ++slot) {
      wanted[slot] = static_cast<Class>(200 + slot);
      row.set(layout, slot, wanted[slot]);
    }
    row.unpack(layout, unpacked.data());
    CHECK(unpacked == wanted);
  }
}

TEST_CASE("few values come, go and move with what they own") {
  Few<std::unique_ptr<int>> few;
  CHECK(few.empty());
  for (int i = 0; i < 5; ++i) few.emplace_back() = std::make_unique<int>(i);
  few.erase(1);
  Few<std::unique_ptr<int>> moved = std::move(few);
  REQUIRE(moved.size() == 4);
  CHECK(*moved[0] == 0);
  CHECK(*moved[1] == 2);
  CHECK(*moved[3] == 4);
  while (!moved.empty()) moved.erase(0);
  CHECK(moved.begin() == moved.end());
}

}  // namespace
}  // namespace beckon::rules::detail
