// `beckon rules explain`: why rules decided as they did for one visitor.
#include <unistd.h>

#include <iostream>

#include "cli/rules.hpp"
#include "cli/rules_trace.hpp"

namespace beckon::cli {
namespace {

// Keeps what one visitor's rules decided, and since when each condition is as it is.
class OneVisitor final : public rules::ReplayListener {
 public:
  explicit OneVisitor(std::string id) : id_(std::move(id)) {}
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
    if (visitor != id_) return;
    rules::write_decision(decisions, visitor, decision, set);
  }
  void looked(const rules::Engine& engine, const rules::Visitor& visitor) override {
    if (visitor.id() == id_) follower.look(engine, visitor);
  }
  std::string decisions;
  rules::Follower follower;

 private:
  std::string id_;
};

struct Found {
  bool seen = false;
  rules::Instant last{};
};

// The instants of the visitor's lines: a first, quick reading, to know when its last event was.
base::Result<Found> find_visitor(const RulesExplainOptions& options) {
  auto lines = JournalLines::open(options.events);
  if (!lines) return lines.error();
  rules::JournalReader reader;
  rules::JournalLine parsed;
  Found found;
  std::string_view line;
  while ((*lines)->next(line)) {
    if (line.find(options.visitor) == std::string_view::npos || reader.read(line, parsed) || parsed.visitor != options.visitor) continue;
    found.seen = true;
    if (parsed.kind == rules::LineKind::kEvent) found.last = parsed.t;
  }
  return found;
}

}  // namespace

int run_rules_explain(const RulesExplainOptions& options, std::ostream& out, std::ostream& err) {
  const auto fail = [&](const std::string& message) {
    err << "beckon rules explain: " << message << '\n';
    return 1;
  };
  if (options.events == "-") return fail("--events must be a file: it is read twice");
  ReplaySite site;
  site.config = options.config;
  site.site = options.site;
  if (base::Status loaded = site.load(); !loaded) return fail(loaded.error().message);
  if (options.rules_from == RulesFrom::kJournal) site.options.rules_from = rules::ReplayOptions::RulesFrom::kJournal;
  const auto set = load_rules(options.rules, site.id, err);
  if (!set) return 1;
  std::optional<std::uint32_t> only;
  if (!options.rule.empty()) {
    only = set->find(options.rule);
    if (!only) return fail("there is no rule \"" + options.rule + "\" in " + options.rules);
  }
  const auto found = find_visitor(options);
  if (!found) return fail(found.error().message);
  if (!found->seen) return fail("visitor \"" + options.visitor + "\" is not in " + options.events);
  rules::Instant at = found->last;
  if (!options.at.empty()) {
    const auto when = parse_when(options.at);
    if (!when) return fail("--at must be an instant such as 2026-11-21T21:40:00Z, or epoch milliseconds");
    at = *when;
  }

  OneVisitor listener(options.visitor);
  rules::Replay replay(set, listener, site.options);
  auto lines = JournalLines::open(options.events);
  if (!lines) return fail(lines.error().message);
  rules::JournalReader reader;
  rules::JournalLine parsed;
  std::string_view line;
  std::uint64_t bad = 0;
  {
    Progress progress("replaying");
    while ((*lines)->next(line)) {
      progress.show(**lines);
      if (line.empty()) continue;
      if (reader.read(line, parsed)) {
        ++bad;
        continue;
      }
      if (parsed.t > at) break;
      // Of the others' lines nothing is needed: visitors do not know of one another.
      if (!parsed.visitor.empty() && parsed.visitor != options.visitor) continue;
      if (replay.line(parsed)) ++bad;
    }
    replay.pass(at);
  }
  if (bad > 0) err << options.events << ": warning: " << bad << " lines could not be read\n";

  const rules::Visitor* visitor = replay.visitor(options.visitor);
  if (!visitor || visitor->open_tabs().empty()) {
    return fail("at " + format_when(at) + " visitor \"" + options.visitor + "\" has no page open");
  }
  const rules::RuleSet& in_force = replay.engine().rules();
  std::string text;
  json::Writer w(text);
  if (options.format == Format::kJson) {
    w.begin_object().key("t").number(rules::to_ms(at)).key("visitor").string(options.visitor).key("rules").begin_array();
  } else {
    out << options.visitor << " at " << format_when(at) << " UTC\n";
    if (!listener.decisions.empty()) out << "\ndecided so far:\n" << listener.decisions;
  }
  for (const std::string_view tab : visitor->open_tabs()) {
    if (!options.tab.empty() && tab != options.tab) continue;
    for (std::uint32_t rule = 0; rule < in_force.rules().size(); ++rule) {
      if (!options.rule.empty() && in_force.rules()[rule].id != options.rule) continue;
      auto trace = rules::explain(replay.engine(), *visitor, rule, tab);
      if (!trace) continue;
      listener.follower.date(replay.engine(), *trace);
      if (options.format == Format::kJson) {
        write_trace(w, *trace, in_force);
      } else {
        out << '\n' << trace_in_words(*trace, in_force, at, color_of(STDOUT_FILENO));
      }
    }
  }
  if (options.format == Format::kJson) {
    w.end_array().end_object();
    out << text << '\n';
  }
  return 0;
}

}  // namespace beckon::cli
