// A host for many visitors on journal time: what `rules test`, `rules replay` and `rules explain` run on. Reads lines in order,
// wakes every visitor at its deadlines, and gives decisions in order of time, then visitor, then section 5 of rules.md.
//
// Thread safety: none.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "beckon/rules/engine.hpp"
#include "beckon/rules/journal.hpp"

namespace beckon::rules {

// Keeps visitors between their visits, so that memory is bounded by those who are there at once. Records are texts.
class VisitorShelf {
 public:
  virtual ~VisitorShelf() = default;
  virtual void put(std::string_view id, std::string_view record) = 0;
  // Moves the record out; false when there is none.
  virtual bool take(std::string_view id, std::string& record) = 0;
  virtual void clear() = 0;
};

struct ReplayOptions {
  EngineOptions engine;
  std::string site;                 // the salt where the rule file names none
  SiteState initial;                // until the journal says otherwise
  // Whether `rules` lines of the journal take the place of the given rules. Replaying a server's own journal: kJournal.
  enum class RulesFrom : std::uint8_t { kGiven, kJournal } rules_from = RulesFrom::kGiven;
  // Where visitors between visits are kept; must outlive the replay. nullptr: in memory.
  VisitorShelf* shelf = nullptr;
  // Reads device, browser and os from a line's `ua` when it does not say them. May be empty.
  std::function<void(std::string_view user_agent, Event& page)> read_user_agent;
  // Makes the calendar for a rules line's time zone. May be empty: UTC.
  std::function<const Calendar*(std::string_view time_zone)> calendar_for;
};

// Told what happens, in order. All views live until the call returns.
class ReplayListener {
 public:
  virtual ~ReplayListener() = default;
  virtual void decided(std::string_view visitor, const Decision& decision, const RuleSet& rules) = 0;
  virtual void ended(std::string_view /*visitor*/, const EndedOffer& /*offer*/) {}
  // Behind every call of the engine for a visitor, decisions told.
  virtual void looked(const Engine& /*engine*/, const Visitor& /*visitor*/) {}
};

struct ReplayCounts {
  std::uint64_t lines = 0, visitors = 0, visits = 0;
  std::uint64_t late = 0;  // lines whose t was before an earlier line's: taken at the latest instant
};

class Replay {
 public:
  Replay(std::shared_ptr<const RuleSet> rules, ReplayListener& listener, ReplayOptions options = {});
  ~Replay();

  // One line of text. An error leaves the state as it was.
  [[nodiscard]] std::optional<json::Error> line(std::string_view text);
  [[nodiscard]] std::optional<json::Error> line(const JournalLine& line);
  // Runs everything that is due up to and including t, and brings every visitor who is alive there: for looking at them.
  void pass(Instant t);
  // Tells the decisions of the instant reached, which are otherwise told when a later one begins: so that those of one instant
  // come in order. More of that instant may follow.
  void flush();
  // Every deadline up to the last line's instant plus the visit timeout.
  void finish();

  [[nodiscard]] const ReplayCounts& counts() const;
  // The visitor as it stands; nullptr when not alive. Valid until the next call.
  [[nodiscard]] const Visitor* visitor(std::string_view id) const;
  // What that visitor lives under: shards of a server may differ in rules and site.
  [[nodiscard]] const Engine& engine(std::string_view visitor) const;
  [[nodiscard]] Instant now() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beckon::rules
