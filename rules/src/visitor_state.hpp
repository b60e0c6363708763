// What the engine keeps of one visitor. Layouts are chosen for many visitors: what most do not have is in blocks of its own.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "beckon/rules/decision.hpp"
#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/snapshot.hpp"
#include "beckon/rules/visitor.hpp"
#include "class_row.hpp"
#include "compact.hpp"
#include "counts.hpp"
#include "few.hpp"
#include "fields.hpp"
#include "history.hpp"

namespace beckon::rules {
class RuleSet;
class Visitor;

// The way into a Visitor for the engine's own parts.
struct Inspector {
  static detail::VisitorState& state(Visitor& visitor);
  static const detail::VisitorState& state(const Visitor& visitor);
};
}  // namespace beckon::rules

namespace beckon::rules::detail {

// Texts of a tab's page. Of these and those of a visitor, the id is added first.
enum TabField : std::uint8_t { kTabId, kTabUrl, kTabTitle, kTabReferrer };
// Texts of a visitor; and what is not said of most, as numbers.
enum VisitorField : std::uint8_t {
  kVisitorId, kCountry, kLanguage, kDevice, kBrowser, kOs, kCurrency,
  kEntry, kVisitReferrer, kUtmSource, kUtmMedium, kUtmCampaign, kUtmTerm, kUtmContent,
  kSinceLastVisit,  // std::int64_t, milliseconds
  kCartItems,       // double
};
inline constexpr VisitorField kFirstVisitField = kEntry, kLastVisitField = kUtmContent;

// How far a sequence's steps are matched: the newest event that a match of the steps up to this one can begin with.
struct Match {
  std::uint32_t number;  // of that event; 0: none
  std::int64_t t;        // its instant
};

struct HeldSince {
  std::uint32_t held;
  Instant since;
};

struct PageFires {
  std::uint32_t rule;    // place in the file; kFileFires for the file's own limit
  std::uint32_t count;
};
inline constexpr std::uint32_t kFileFires = 0xffffffff;

// What few pages have.
struct TabExtra {
  Compact<std::uint32_t> waiting;  // ranks of rules that are armed and true, but held back; ascending
  Counts counters;                 // of counts within the page
  double scroll = 0;               // where it is no whole number
  Compact<HeldSince> held;         // conditions that are true, ascending
  Compact<PageFires> fires;
  Compact<Match> matches;
  std::vector<std::pair<std::string, std::uint32_t>> other_fires;  // of rules that the file does not hold now
};

struct Tab {
  enum class State : std::uint8_t { kOpen, kSuspended };  // suspended: its page ended with the visit

  Fields texts;
  ClassRow classes;                  // of an open tab
  Compact<std::uint32_t> patterns;   // that hold, ascending
  std::unique_ptr<TabExtra> extra;
  Instant started{};
  Instant idle_since{};
  Instant last_event{};
  std::int64_t visible = 0;          // visible: the instant the time visible is counted from; hidden: that time. In ms
  Instant clocks_due = kNever;       // when the next clock can change a condition
  Instant clocks_stale{};            // when the next clock passes a threshold, whether a condition asks for it or not
  std::uint32_t first_event = 1;     // number of the first event that belongs to the page
  std::uint8_t scroll = 0;           // whole percent
  State state = State::kOpen;
  bool hidden : 1 = false;
  bool exit_intent : 1 = false;
  bool fresh : 1 = false;            // its page began since the last look
  bool resumed : 1 = false;          // …with another event than a page event, which may have told more of it already
  bool clocks_dirty : 1 = false;
  bool titled : 1 = false;           // its texts hold a title or a referrer

  [[nodiscard]] std::string_view id() const { return texts.first(); }
  [[nodiscard]] bool open() const { return state == State::kOpen; }
  [[nodiscard]] double deepest_scroll() const { return extra && extra->scroll > scroll ? extra->scroll : scroll; }
  [[nodiscard]] std::span<const std::uint32_t> waiting() const {
    return extra ? std::span(extra->waiting.data(), extra->waiting.size()) : std::span<const std::uint32_t>();
  }
};

// Counts and times of one rule, by its place in the file; kFileFires for the file's own limit.
struct RuleRecord {
  std::uint32_t rule = 0;
  std::uint32_t count = 0, visit_count = 0;
  Instant last = kNever, dismissed = kNever, accepted = kNever;  // kNever: has not happened
};

struct VerdictMemory {
  std::uint32_t rank;
  Verdict verdict;
};

struct Screen {
  std::string rule;          // id
  std::uint32_t index = 0;   // its place in the file
  std::string tab;
  Instant since{};
  Until::Kind until = Until::Kind::kPage;
  Instant ends = kNever;
  bool needs_operator = false;
  std::string needs_skill;
};

// What few visitors have.
struct VisitorExtra {
  double orders = 0, value = 0;
  Compact<std::uint64_t> order_ids;
  double pressure = 0;
  Instant pressure_at{};
  std::uint32_t chats = 0;
  Instant chat_ended = kNever;
  Compact<char> tags;                // [length][name]…
  Compact<RuleRecord> records;       // by rule
  Compact<VerdictMemory> verdicts;   // of this visit, by rank
  std::unique_ptr<Screen> screen;
  std::vector<std::pair<std::string, FiringRecord>> other_records;  // of rules that the file does not hold or limit now
  std::vector<Compact<Match>> windows;  // by window: the newest events in it, oldest first
  Compact<Match> matches;
  Instant waits_until = kNever;      // when a waiting rule's limit is over
};

struct VisitorState {
  const RuleSet* rules = nullptr;
  Fields texts;
  Few<Tab> tabs;
  std::unique_ptr<VisitorExtra> extra;
  History history;
  Compact<char> attributes;          // see attributes.hpp
  Counts counters;                   // of counts within the visit, then of those ever
  Instant now{};
  Instant deadline = kNever;
  Instant last_event = kNever;       // kNever: none yet
  Instant visit_started{};
  double cart_value = 0;
  Instant cart_at = kNever;
  std::uint32_t visits = 0;
  std::uint32_t pages = 0;           // of the visit
  std::uint32_t visit_first_event = 1;  // number of the first remembered event that is of the visit
  bool in_visit : 1 = false;
  bool chat_active : 1 = false;
  bool identified : 1 = false;
  bool consent_said : 1 = false;
  bool consent : 1 = false;
  bool has_cart_value : 1 = false;
  bool has_cart_details : 1 = false; // its texts hold the cart's items or currency
  bool gates_changed : 1 = false;    // something that can hold rules back is not as at the last look
  bool pressed : 1 = false;          // pressure is over the bound, as of the last look

  [[nodiscard]] std::string_view id() const { return texts.first(); }
  [[nodiscard]] Instant waits_until() const { return extra ? extra->waits_until : kNever; }
};

}  // namespace beckon::rules::detail
