// What a rule file is compiled to. Immutable; shared by the engines of all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "beckon/rules/rule_file.hpp"
#include "class_row.hpp"
#include "patterns.hpp"
#include "scalar_test.hpp"
#include "slot.hpp"
#include "term_index.hpp"

namespace beckon::rules::detail {

inline constexpr std::uint32_t kNoIndex = 0xffffffff;

// A condition on how many remembered events there are.
struct CountNode {
  std::uint32_t slot = 0;
  std::uint32_t name = 0;
  std::vector<std::pair<std::string, ScalarTest>> where;
  Span span;
  std::uint32_t counter = 0;  // place among the counters of its kind of span
  std::uint32_t most = 0;     // kDuration: more than so many need not be told apart
};

struct SequenceStep {
  bool is_page = false;
  std::uint32_t name = 0;                                   // of a named event
  std::vector<std::pair<std::string, ScalarTest>> where;
};

struct SequenceNode {
  std::uint32_t slot = 0;
  std::vector<SequenceStep> steps;
  Span span;
  std::uint32_t first_match = 0;  // place of its first step among the matches of page or visitor
};

struct HeldNode {
  std::uint32_t slot = 0;
  Duration duration{0};
  std::string digest;  // the same for the same condition held for the same time, in every file
};

// What a clock counts from: the start of the page, that time less what it was hidden, the last activity…
enum class ClockBase : std::uint8_t { kPage, kVisible, kActivity, kVisit, kCart, kChat };
inline constexpr std::size_t kClockBases = 6;

struct Clock {
  std::uint32_t slot = 0;
  ClockBase base = ClockBase::kPage;
  Class lowest = 0;                   // of its classes
  const std::int64_t* next = nullptr;  // by class, from the lowest: when the one above it is reached; see Classes::reached_at
  [[nodiscard]] std::int64_t next_of(Class c) const { return next[c - lowest]; }
};

struct EventName {
  std::string text;
  std::vector<std::uint32_t> counts;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> steps;  // sequence, step
};

// A rule as the verdict needs it, by rank: higher priority first, then file order.
struct RankedRule {
  std::uint32_t rule = 0;  // place in the file
  Mode mode = Mode::kLive;
  bool offer : 1 = false;
  bool limited : 1 = false;
  bool waits : 1 = false;     // anything but mode and limits can hold it back
  bool held_out : 1 = false;  // it, or the file, has a holdout
  bool split : 1 = false;     // it has several variants
  bool free : 1 = false;      // nothing but its mode can hold it back
  bool watched : 1 = false;   // free, and in shadow mode
};
static_assert(sizeof(RankedRule) == 8);

struct Program {
  std::vector<Slot> slots;
  std::unordered_map<std::string, std::uint32_t> slot_keys;  // canonical key → slot
  std::vector<PatternSet> pattern_sets;
  std::vector<std::uint32_t> pattern_slot;                 // by pattern: the slot it is on

  std::vector<std::uint32_t> fact_slots;                   // by FactId; kNoIndex when no rule asks
  NameTable attr_names;                                    // the admin's
  std::vector<std::uint32_t> attr_slots;                   // by number of name
  StringTable tag_slots;                                   // by the admin's name
  RowLayout row;                                           // of a tab's classes
  ClassRow unremembered;                                   // of a visitor without attributes, tags or remembered events; facts open
  std::vector<std::uint32_t> plain_facts;                  // slots of all facts but attributes and tags
  std::vector<std::uint32_t> remembered;                   // of counts, sequences, held conditions
  std::vector<std::uint32_t> page_texts;                   // slots of a page's texts: URL, host, path, query, title, referrer
  std::vector<std::pair<std::uint32_t, Class>> page_starts;  // all others of a page, and their class when it starts
  std::vector<std::uint32_t> calendar_slots;               // site.open, site.hour, site.weekday
  std::vector<Clock> clocks;                               // as in hints.clocks: those of a page first
  std::vector<char> files;                                 // by slot: a change of it can change which clusters are active

  StringTable name_ids;
  std::vector<EventName> names;
  bool remembers_pages = false;
  std::vector<CountNode> counts;
  std::vector<SequenceNode> sequences;
  std::vector<HeldNode> held;
  std::uint32_t visit_counters = 0, visitor_counters = 0, page_counters = 0, windows = 0;
  std::uint32_t page_matches = 0, visitor_matches = 0;     // steps of all sequences of that span
  std::vector<std::pair<std::uint32_t, std::uint32_t>> page_steps;  // target of `steps` → sequence, step

  std::vector<ScalarTest> page_step_tests;                 // of each target of `steps`, on its own

  IndexHints hints;
  std::unique_ptr<TermIndex> rules_index, held_index, steps_index;

  std::vector<RankedRule> ranks;
  std::vector<std::uint32_t> rank_of_rule;
  bool has_file_limit = false;

  [[nodiscard]] std::uint32_t slot_of(FactId fact) const { return fact_slots[static_cast<std::size_t>(fact)]; }
};

// Compiles what check() has accepted.
[[nodiscard]] std::unique_ptr<Program> compile(const RuleFile& file);

}  // namespace beckon::rules::detail
