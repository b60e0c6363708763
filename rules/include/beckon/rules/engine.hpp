// Evaluation: what the rules decide about one visitor, event by event.
//
// The engine has no clock and never polls. Its host passes it events with their instants, and wakes it at next_deadline():
//
//   Engine engine(rules);
//   Visitor visitor = engine.make_visitor("v1");
//   Output out;
//   engine.apply(visitor, t, event, out);          // passes what is due up to t first, then the event
//   timers.set(visitor, visitor.next_deadline());   // later: engine.pass(visitor, deadline, out)
//
// Determinism: the same calls in the same order give the same output, on every machine, live and in a replay.
//
// Thread safety: an Engine and its visitors belong to one thread. Engines of different threads may share a RuleSet.
#pragma once

#include <memory>
#include <string_view>

#include "beckon/rules/calendar.hpp"
#include "beckon/rules/decision.hpp"
#include "beckon/rules/event.hpp"
#include "beckon/rules/rule_set.hpp"
#include "beckon/rules/snapshot.hpp"
#include "beckon/rules/visitor.hpp"

namespace beckon::rules {

namespace detail {
struct EngineState;
}

struct EngineOptions {
  Duration visit_timeout = std::chrono::minutes(30);
  bool consent = true;                     // of visitors who have said nothing
  const Calendar* calendar = nullptr;      // must outlive the engine; nullptr: utc_calendar()
};

class Engine {
 public:
  explicit Engine(std::shared_ptr<const RuleSet> rules, EngineOptions options = {});
  ~Engine();
  Engine(Engine&&) noexcept;

  [[nodiscard]] const RuleSet& rules() const;
  [[nodiscard]] const SiteState& site() const;
  [[nodiscard]] const EngineOptions& options() const;

  // A visitor never seen before. The id is what holdouts are hashed from.
  [[nodiscard]] Visitor make_visitor(std::string_view id) const;
  // A visitor as a snapshot says, under the rules in force. Rules it does not mention are as for a new visitor.
  [[nodiscard]] Visitor import(std::string_view id, const VisitorSnapshot& snapshot) const;
  // The visitor as it is at its own latest instant.
  [[nodiscard]] VisitorSnapshot snapshot(const Visitor& visitor) const;

  // Runs every deadline up to and including `t`, each at its own instant, appending what was decided.
  void pass(Visitor& visitor, Instant t, Output& out);
  // pass(t), then the event at t. A t before the visitor's latest instant is taken as that instant.
  void apply(Visitor& visitor, Instant t, const Event& event, Output& out);

  // The site changed at `t`. First every visitor is passed up to t (pass), then set_site, then site_changed for each.
  void set_site(SiteState site);
  void site_changed(Visitor& visitor, Instant t, Output& out);

  // New rules from `t` on. First every visitor is passed up to t, then set_rules, then rules_changed for each, which
  // carries the visitor over: rules of the same id keep counts, times and whether they are armed. Until then the visitor
  // must not be used otherwise.
  void set_rules(std::shared_ptr<const RuleSet> rules);
  void rules_changed(Visitor& visitor, Instant t, Output& out);

  // Another calendar from now on, such as that of rules just set; it must outlive the engine.
  void set_calendar(const Calendar& calendar);

  // For the engine's own parts.
  [[nodiscard]] const detail::EngineState& state() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beckon::rules
