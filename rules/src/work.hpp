// One call of the engine for one visitor: the steps from an event or a deadline to decisions. Stateless between calls; what it
// needs repeatedly is the engine's scratch.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/rules/engine.hpp"
#include "beckon/rules/limits.hpp"
#include "program.hpp"
#include "visitor_state.hpp"

namespace beckon::rules::detail {

// A rule that may fire for a tab's page.
struct Candidate {
  std::uint32_t rank;
  std::uint32_t tab_order;  // rules.md, section 5.3: visible first, then newest, then by id
  std::uint32_t tab;        // place among the visitor's tabs
  friend bool operator==(const Candidate& a, const Candidate& b) { return a.rank == b.rank && a.tab == b.tab; }
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.tab_order < b.tab_order;
  }
};

// What costly pattern sets found for texts seen lately.
class PatternCache {
 public:
  const std::vector<std::uint32_t>& find(const PatternSet& set, std::string_view text);

 private:
  struct Entry {
    bool known = false;
    std::string text;
    std::vector<std::uint32_t> found;
  };
  static constexpr std::size_t kEntries = 1024;
  std::vector<Entry> entries_;
};

// A clock that has a threshold before it, and what it counts from.
struct RunningClock {
  const Clock* clock;
  std::int64_t base;
};

// What an engine has beside its options.
struct EngineState {
  std::shared_ptr<const RuleSet> rules;
  std::shared_ptr<const RuleSet> old_rules;  // of visitors not yet carried over
  const Program* program = nullptr;
  EngineOptions options;
  const Calendar* calendar = nullptr;
  SiteState site;
  std::vector<PatternCache> caches;          // by pattern set

  // Scratch.
  std::vector<std::vector<Change>> changes;  // by tab, for as many as any visitor had
  std::vector<std::vector<Class>> classes;   // by tab, unpacked
  std::vector<std::uint32_t> found, patterns;
  TermIndex::Active active, other_active;    // clusters of the rules' index; of another one
  std::vector<Candidate> candidates;
  std::vector<std::uint32_t> tab_orders = {0};
  std::vector<EdgeQuery> queries;            // as many as there are clocks
  std::vector<RunningClock> running;         // alongside
  PageUrl url;
  Remembered remembered;

  void use(std::shared_ptr<const RuleSet> set);
  void make_room(std::size_t tabs);
};

// A fact's value now; texts live until the visitor changes.
struct FactReader {
  const EngineState& engine;
  const VisitorState& visitor;
  Instant t;
  // `tab` may be nullptr for facts that are not of a page; `url` is the tab's parsed URL where host, path or query is asked.
  [[nodiscard]] EventScalar read(FactId fact, std::string_view member, const Tab* tab, const PageUrl* url) const;
};

// The verdict that a rule would get for a tab's page now, if its condition holds.
[[nodiscard]] Verdict judge(const Engine& engine, const Visitor& visitor, std::uint32_t rank, const Tab& tab, Why& why);

[[nodiscard]] double pressure_at(const VisitorState& visitor, const Pressure& settings, Instant t);

enum class Noting : std::uint8_t { kChanges, kSilently };

class Work {
 public:
  Work(EngineState& engine, VisitorState& visitor, Output& out) : e_(engine), p_(*engine.program), v_(visitor), out_(out) {}

  void pass(Instant t);
  void apply(Instant t, const Event& event);
  void site_changed(Instant t);
  // All classes of an open tab from scratch; `url` is its page's.
  void compute_all(Tab& tab, const PageUrl& url);
  void look();
  void forget_changes(std::size_t from = 0) {
    if (e_.changes.size() < v_.tabs.size()) e_.make_room(v_.tabs.size());
    for (std::size_t i = from; i < v_.tabs.size(); ++i) e_.changes[i].clear();
  }
  void set_deadline();
  // After an import: lets every rule that holds wait for the next look, save those named for its tab.
  void arm_all_but(const std::vector<std::vector<std::string>>& disarmed);
  void add_candidates(std::size_t tab, std::span<const std::uint32_t> ranks);
  [[nodiscard]] Verdict judge(std::uint32_t rank, const Tab& tab, Why& why) const;
  void refresh_others(Noting noting);
  void restore_counts(const Remembered& event);
  void scroll_to(Tab& tab, double percent);
  void make_room_for_tab();
  VisitorExtra& extra();
  TabExtra& extra(Tab& tab);
  void close_screen(OfferEnd end);

 private:
  // -- time (work_time.cpp)
  void step(Instant due);
  // Brings clocks' classes to the present: before anything is looked at, and before what they count from is another. Silently
  // where no deadline is due: what they passed since did not matter.
  void refresh_clocks(Noting noting) {
    for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
      if (v_.tabs[i].open() && v_.now >= v_.tabs[i].clocks_stale) refresh_clocks(i, noting);
    }
  }
  void refresh_clocks(std::size_t place, Noting noting);
  // The same of an open tab before an index is asked, which looks at active clusters only: for these nothing is passed before
  // clocks_due, unless others have become active since that was found.
  void refresh_clocks_to_look(std::size_t place) {
    const Tab& tab = v_.tabs[place];
    if (v_.now < tab.clocks_stale) return;
    if (tab.clocks_dirty || v_.now >= tab.clocks_due) refresh_clocks(place, Noting::kSilently);
  }
  void refresh_windows(Noting noting);
  void refresh_pressure();
  // What a tab's clocks count from, by ClockBase, in milliseconds; that of kNever: such clocks do not run.
  using Bases = std::array<std::int64_t, kClockBases>;
  [[nodiscard]] Bases bases_of(const Tab& tab) const;
  [[nodiscard]] std::int64_t advance_clock(const Clock& clock, std::int64_t base, std::int64_t now, std::size_t place,
                                           Noting noting);
  void time_clocks(std::size_t place);
  [[nodiscard]] Instant others_due() const;

  // -- events (work_events.cpp)
  void start_visit();
  void end_visit();
  void said_of_visitor(const Event& event);
  void page(const Event& event, std::size_t tab);
  void title_page(Tab& tab, std::string_view title, std::string_view referrer);
  void enter_visit(const PageUrl& url, std::string_view referrer);
  void start_page(std::size_t tab, const PageUrl& url, std::string_view title, std::string_view referrer);
  void end_page(std::size_t tab);
  void remove_tab(std::size_t tab);
  void resume_page(std::size_t tab);
  static constexpr std::size_t kNoTab = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t find_tab(std::string_view id) const {
    for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
      const std::string_view other = v_.tabs[i].id();
      if (std::equal(other.begin(), other.end(), id.begin(), id.end())) return i;  // == is slower for short texts
    }
    return kNoTab;
  }
  void cart(const Event& event);
  void order(const Event& event);
  void named(const Event& event);
  void visibility(std::size_t tab, const Event& event);
  void outcome(const Event& event);
  void chat(const Event& event);
  void touch(Tab& tab);

  // -- what is remembered (work_memory.cpp)
  void remember(const Remembered& event, std::uint32_t weight);
  void count(const Remembered& event, int by);
  void advance_sequences(const Remembered& event);
  void advance(std::uint32_t sequence, std::uint32_t step, const Remembered& event);
  void set_sequence(std::uint32_t sequence, const Match* last, std::string_view tab);
  void forget_oldest();
  [[nodiscard]] Compact<Match>* matches_of(const SequenceNode& node, std::string_view tab);

  // -- classes (work_classes.cpp)
  void set_class(std::size_t tab, std::uint32_t slot, Class now, Noting noting = Noting::kChanges) {
    if (class_of(v_.tabs[tab], slot) != now) change_class(tab, slot, now, noting);
  }
  void change_class(std::size_t tab, std::uint32_t slot, Class now, Noting noting);
  void set_everywhere(std::uint32_t slot, Class now);
  void set_text(std::size_t tab, std::uint32_t slot, std::string_view text);
  void set_patterns(std::size_t tab, std::uint32_t slot, const std::vector<std::uint32_t>& found);
  void set_value(std::size_t tab, std::uint32_t slot, const EventScalar& value);
  void update(FactId fact);
  // The same, where its value is at hand.
  void update(FactId fact, const EventScalar& value) {
    if (p_.slot_of(fact) != kNoIndex) update_slot(p_.slot_of(fact), value);
  }
  void update(FactId fact, double value) {
    const std::uint32_t slot = p_.slot_of(fact);
    if (slot != kNoIndex) set_everywhere(slot, p_.slots[slot].classes.of(value));  // a number has no patterns
  }
  void update_slot(std::uint32_t slot, const EventScalar& value);
  // Of a count, a sequence or something held.
  [[nodiscard]] Class remembered_class(const Slot& slot, const Tab& tab);
  [[nodiscard]] std::uint32_t counted(const CountNode& node, const Tab& tab) const;
  [[nodiscard]] Class class_of(const Tab& tab, std::uint32_t slot) const { return tab.classes.get(p_.row, slot); }
  // The tab's classes unpacked, until it or another of the visitor's tabs goes.
  [[nodiscard]] Class* classes_of(std::size_t place) const {
    if (!(unpacked_ >> place & 1)) unpack(place);
    return e_.classes[place].data();
  }
  void unpack(std::size_t place) const;
  // The clusters of the rules' index that are active for the tab, as it is now.
  [[nodiscard]] TermIndex::Active& active(std::size_t place) const {
    if (active_of_ != place) {
      p_.rules_index->activate(view(place), e_.active);
      active_of_ = place;
    }
    return e_.active;
  }
  // Of another index; never kept.
  [[nodiscard]] TermIndex::Active& active_in(const TermIndex& index, std::size_t place) const {
    index.activate(view(place), e_.other_active);
    return e_.other_active;
  }
  [[nodiscard]] View view(std::size_t place) const {
    const Tab& tab = v_.tabs[place];
    return {classes_of(place), tab.patterns.data(), tab.patterns.size()};
  }
  [[nodiscard]] std::size_t place_of(const Tab& tab) const { return static_cast<std::size_t>(&tab - v_.tabs.data()); }

  // -- looking (work_look.cpp)
  void complete_held();
  void complete_held(std::size_t tab);
  void settle_held(std::size_t tab);
  [[nodiscard]] bool begin_held(std::size_t tab);
  void find_candidates();
  void order_tabs();
  [[nodiscard]] bool only_watched(const Tab& tab) const;
  void watch_found(const Tab& tab);
  [[nodiscard]] bool consider(const Candidate& candidate, std::uint32_t& counted_rank);
  void forget_verdict(std::uint32_t rank);
  void note_verdict(std::uint32_t rank, Verdict verdict, const Why& why, const Tab& tab);
  void fire(std::uint32_t rank, std::size_t tab);
  void decide(std::uint32_t rank, Verdict verdict, const Why& why, std::string_view tab);
  void wait(Tab& tab, std::uint32_t rank);
  void stop_waiting(Tab& tab, std::uint32_t rank);

  // -- verdicts (work_verdicts.cpp)
  [[nodiscard]] static Verdict by_mode(const RankedRule& ranked, Why& why);
  [[nodiscard]] bool limited(const Limit& limit, std::uint32_t record, const Tab& tab, Why& why) const;
  [[nodiscard]] bool in_holdout(const Rule& rule, Why& why) const;
  [[nodiscard]] bool somebody_can_answer(bool needs_operator, const std::string& skill, Why& why) const;
  [[nodiscard]] std::uint8_t variant_of(const Rule& rule) const;
  void count_fire(std::uint32_t record, Tab& tab);
  void apply_pressure(double amount);
  RuleRecord& record_of(std::uint32_t rule);
  [[nodiscard]] const RuleRecord* find_record(std::uint32_t rule) const;
  void add_to_counter(Tab& tab, std::uint32_t counter, int by);
  [[nodiscard]] const Rule& rule_at(std::uint32_t rank) const { return e_.rules->rules()[p_.ranks[rank].rule]; }

  EngineState& e_;
  const Program& p_;
  VisitorState& v_;
  Output& out_;
  mutable std::size_t active_of_ = kNoTab;  // the tab whose active clusters are in the engine's scratch
  mutable std::uint32_t unpacked_ = 0;  // bit by tab: its classes are in the engine's scratch, and both are kept the same
  static_assert(kMaxTabs <= 32);
};

}  // namespace beckon::rules::detail
