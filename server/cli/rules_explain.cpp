// `beckon rules explain`: why rules decided as they did for one visitor.
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>

#include "beckon/rules/suggest.hpp"
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
    if (visitor.id() != id_) return;
    follower.look(engine, visitor);
    if (!visitor.open_tabs().empty()) with_page = visitor.now();
  }
  std::string decisions;
  std::optional<rules::Instant> with_page;  // the last look at which a page was open
  rules::Follower follower;

 private:
  std::string id_;
};

struct Found {
  bool seen = false;
  rules::Instant first{}, last{};
  std::string trouble;  // why the file was not read to its end; empty: it was
};

// Whether a line may hold the text: a reading that is quick, and wrong on one side only.
bool may_hold(std::string_view line, std::string_view text) {
  return line.find(text) != std::string_view::npos || line.find('\\') != std::string_view::npos;
}

// The instants of the visitor's lines: a first, quick reading, to know what to explain. That is the visitor's last event; of a
// leave the instant before it, since behind it no page is open.
base::Result<Found> find_visitor(const RulesExplainOptions& options) {
  auto lines = JournalLines::open(options.events);
  if (!lines) return lines.error();
  rules::JournalReader reader;
  rules::JournalLine parsed;
  Found found;
  std::string_view line;
  while ((*lines)->next(line)) {
    if (!may_hold(line, options.visitor) || reader.read(line, parsed) || parsed.visitor != options.visitor) continue;
    if (!found.seen) found.first = found.last = parsed.t;
    found.seen = true;
    if (parsed.kind != rules::LineKind::kEvent) continue;
    const rules::Duration before{parsed.event.type == rules::EventType::kLeave ? 1 : 0};
    found.last = std::max(found.last, parsed.t - before);
  }
  found.trouble = (*lines)->error();
  return found;
}

// `; did you mean "anna"?` for a visitor of the journal whose id is near the one asked for, else empty.
std::string visitor_meant(const RulesExplainOptions& options) {
  auto lines = JournalLines::open(options.events);
  if (!lines) return {};
  rules::JournalReader reader;
  rules::JournalLine parsed;
  std::string best;
  std::string_view line;
  while ((*lines)->next(line)) {
    if (reader.read(line, parsed) || parsed.visitor == best) continue;
    const std::string_view both[] = {best, parsed.visitor};
    const std::string_view nearer = rules::nearest(options.visitor, both);
    if (nearer != best) best = nearer;
  }
  return best.empty() ? "" : "; " + rules::did_you_mean(best);
}

std::string rule_meant(const std::string& rule, const rules::RuleSet& set) {
  std::vector<std::string_view> ids;
  for (const rules::Rule& one : set.rules()) ids.push_back(one.id);
  const std::string_view meant = rules::nearest(rule, ids);
  return meant.empty() ? "" : "; " + rules::did_you_mean(meant);
}

std::string quoted_list(const std::vector<std::string_view>& texts) {
  std::string list;
  for (const std::string_view text : texts) list += (list.empty() ? "\"" : ", \"") + rules::printable(text) + '"';
  return list;
}

}  // namespace

int run_rules_explain(const RulesExplainOptions& options, std::ostream& out, std::ostream& err) {
  const auto fail = [&](const std::string& message) {
    err << "beckon rules explain: " << message << '\n';
    return 1;
  };
  const std::string visitor_shown = rules::printable(options.visitor);
  if (options.events == "-") return fail("--events must be a file: it is read twice");
  ReplaySite site;
  site.config = options.config;
  site.site = options.site;
  if (base::Status loaded = site.load(); !loaded) return fail(loaded.error().message);
  if (options.rules_from == RulesFrom::kJournal) site.options.rules_from = rules::ReplayOptions::RulesFrom::kJournal;
  const auto set = load_rules(options.rules, site.id, err);
  if (!set) return 1;
  if (!options.rule.empty() && options.rules_from == RulesFrom::kFile && !set->find(options.rule)) {
    return fail("there is no rule \"" + options.rule + "\" in " + options.rules + rule_meant(options.rule, *set));
  }
  const auto found = find_visitor(options);
  if (!found) return fail(found.error().message);
  if (!found->trouble.empty()) err << options.events << ": warning: " << found->trouble << '\n';
  if (!found->seen) return fail("visitor \"" + visitor_shown + "\" is not in " + options.events + rules::printable(visitor_meant(options)));
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
  const rules::Engine& engine = replay.engine(options.visitor);
  const rules::RuleSet& in_force = engine.rules();
  const std::string moment = "at " + format_when(at) + " visitor \"" + visitor_shown + "\" ";
  if (at < found->first) return fail(moment + "is not there yet: the first line is of " + format_when(found->first));
  if (!visitor || visitor->open_tabs().empty()) {
    return fail(moment + "has no page open" + (listener.with_page ? "; the last event with one was at " + format_when(*listener.with_page) : ""));
  }
  const std::vector<std::string_view> tabs = visitor->open_tabs();
  if (!options.tab.empty() && std::find(tabs.begin(), tabs.end(), options.tab) == tabs.end()) {
    return fail(moment + "has no page open in tab \"" + options.tab + "\", but in " + quoted_list(tabs));
  }
  if (!options.rule.empty() && !in_force.find(options.rule)) {
    return fail(moment + "is under rules without \"" + options.rule + '"' + rule_meant(options.rule, in_force));
  }
  std::string text;
  json::Writer w(text);
  if (options.format == Format::kJson) {
    w.begin_object().key("t").number(rules::to_ms(at)).key("visitor").string(options.visitor).key("rules").begin_array();
  } else {
    out << visitor_shown << " at " << format_when(at) << " UTC\n";
    if (!listener.decisions.empty()) out << "\ndecided so far:\n" << listener.decisions;
  }
  for (const std::string_view tab : tabs) {
    if (!options.tab.empty() && tab != options.tab) continue;
    for (std::uint32_t rule = 0; rule < in_force.rules().size(); ++rule) {
      if (!options.rule.empty() && in_force.rules()[rule].id != options.rule) continue;
      auto trace = rules::explain(engine, *visitor, rule, tab);
      if (!trace) continue;
      listener.follower.date(engine, *trace);
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
