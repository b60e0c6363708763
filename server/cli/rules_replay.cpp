// `beckon rules replay`: what rules would have done with recorded traffic.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "cli/line_sink.hpp"
#include "cli/rules.hpp"

namespace beckon::cli {
namespace {

constexpr std::size_t kVerdicts = static_cast<std::size_t>(rules::Verdict::kFire) + 1;
constexpr std::size_t kMaxBadLinesShown = 10;

struct RuleCounts {
  std::array<std::uint64_t, kVerdicts> verdicts{};
  std::uint64_t ignored = 0, accepted = 0, dismissed = 0;
};

// One decision that counts for a comparison: an intervention, real or not.
struct Intervention {
  std::string visitor, tab, rule;
  rules::Verdict verdict;
  friend auto operator<=>(const Intervention&, const Intervention&) = default;
};

class Tally final : public rules::ReplayListener {
 public:
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
    const std::string& id = set.rules()[decision.rule].id;
    RuleCounts& counts = of(id);
    ++counts.verdicts[static_cast<std::size_t>(decision.verdict)];
    ++decisions;
    if (sink) {
      line_.clear();
      write_decision(line_, visitor, decision, set);
      line_.pop_back();  // the sink breaks lines itself
      if (base::Status written = sink->write(line_); !written && sink_error.empty()) sink_error = written.error().message;
    }
  }

  void ended(std::string_view, const rules::EndedOffer& offer) override {
    RuleCounts& counts = of(offer.rule);
    if (offer.end == rules::OfferEnd::kIgnored) ++counts.ignored;
    if (offer.end == rules::OfferEnd::kAccepted) ++counts.accepted;
    if (offer.end == rules::OfferEnd::kDismissed) ++counts.dismissed;
  }

  [[nodiscard]] RuleCounts& of(const std::string& id) { return counts_[id]; }

  LineSink* sink = nullptr;
  std::string sink_error;
  std::uint64_t decisions = 0;

 private:
  std::unordered_map<std::string, RuleCounts> counts_;
  std::string line_;
};

// What two replays of the same lines did differently, instant by instant, so that only the differences are kept.
class Difference {
 public:
  struct Example {
    rules::Instant t;
    Intervention what;
    bool only_new = false;
  };
  struct Counts {
    std::uint64_t both = 0, only_given = 0, only_other = 0;
  };

  void add(rules::Instant t, const Intervention& what, int side) {
    auto& at = open_[t];
    auto& count = at[what];
    count += side;
  }

  // Everything up to and including t is told by both.
  void settle(rules::Instant t) {
    while (!open_.empty() && open_.begin()->first <= t) {
      for (const auto& [what, balance] : open_.begin()->second) note(open_.begin()->first, what, balance);
      open_.erase(open_.begin());
    }
  }

  std::map<std::string, Counts> rules;
  std::vector<Example> examples;
  std::unordered_set<std::string> visitors;

 private:
  void note(rules::Instant t, const Intervention& what, int balance) {
    Counts& counts = rules[what.rule];
    if (balance == 0) {
      ++counts.both;
      return;
    }
    (balance > 0 ? counts.only_given : counts.only_other) += static_cast<std::uint64_t>(std::abs(balance));
    constexpr std::size_t kExamples = 10, kMaxVisitors = 1'000'000;
    if (visitors.size() < kMaxVisitors) visitors.insert(what.visitor);
    if (examples.size() < kExamples) examples.push_back({t, what, balance > 0});
  }

  std::map<rules::Instant, std::map<Intervention, int>> open_;
};

class SideListener final : public rules::ReplayListener {
 public:
  SideListener(Tally& tally, Difference* difference, int side) : tally_(tally), difference_(difference), side_(side) {}
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& set) override {
    tally_.decided(visitor, decision, set);
    if (!difference_ || decision.verdict < rules::Verdict::kControl) return;
    difference_->add(decision.t, {std::string(visitor), decision.tab, set.rules()[decision.rule].id, decision.verdict}, side_);
  }
  void ended(std::string_view visitor, const rules::EndedOffer& offer) override { tally_.ended(visitor, offer); }

 private:
  Tally& tally_;
  Difference* difference_;
  int side_;
};

void write_summary_row(std::ostream& out, const std::string& id, std::size_t width, const std::vector<std::uint64_t>& numbers) {
  std::string line = id + std::string(width > id.size() ? width - id.size() : 0, ' ');
  for (const std::uint64_t number : numbers) {
    const std::string text = number == 0 ? "·" : std::to_string(number);
    const std::size_t columns = number == 0 ? 1 : text.size();
    line += std::string(columns < 12 ? 12 - columns : 1, ' ') + text;
  }
  out << line << '\n';
}

// Columns: the verdicts that occurred.
void print_summary(std::ostream& out, const rules::RuleSet& set, Tally& tally, const rules::ReplayCounts& counts) {
  out << counts.lines << " lines, " << counts.visitors << " visitors, " << counts.visits << " visits, " << tally.decisions
      << " decisions\n\n";
  std::vector<std::size_t> shown;
  for (std::size_t v = kVerdicts; v-- > 0;) {
    const bool any = std::any_of(set.rules().begin(), set.rules().end(),
                                 [&](const rules::Rule& rule) { return tally.of(rule.id).verdicts[v] > 0; });
    if (any || v == static_cast<std::size_t>(rules::Verdict::kFire)) shown.push_back(v);
  }
  std::size_t width = 4;
  for (const rules::Rule& rule : set.rules()) width = std::max(width, rule.id.size());
  std::string head = "rule" + std::string(width - 4, ' ');
  for (const std::size_t v : shown) {
    const std::string_view name = name_of(static_cast<rules::Verdict>(v));
    head += std::string(12 - name.size(), ' ') + std::string(name);
  }
  out << head << '\n';
  for (const rules::Rule& rule : set.rules()) {
    std::vector<std::uint64_t> numbers;
    for (const std::size_t v : shown) numbers.push_back(tally.of(rule.id).verdicts[v]);
    write_summary_row(out, rule.id, width, numbers);
  }
}

void write_rule_counts(json::Writer& w, const rules::RuleSet& set, Tally& tally) {
  w.key("rules").begin_array();
  for (const rules::Rule& rule : set.rules()) {
    const RuleCounts& counts = tally.of(rule.id);
    w.begin_object().key("rule").string(rule.id);
    for (std::size_t v = kVerdicts; v-- > 0;) {
      w.key(name_of(static_cast<rules::Verdict>(v))).number(static_cast<std::int64_t>(counts.verdicts[v]));
    }
    w.key("accepted").number(static_cast<std::int64_t>(counts.accepted));
    w.key("dismissed").number(static_cast<std::int64_t>(counts.dismissed));
    w.key("ignored").number(static_cast<std::int64_t>(counts.ignored)).end_object();
  }
  w.end_array();
}

void print_difference(std::ostream& out, const Difference& difference, const RulesReplayOptions& options) {
  out << "\nagainst " << options.against << " (fire, control and shadow):\n";
  bool any = false;
  for (const auto& [rule, counts] : difference.rules) {
    if (counts.only_given + counts.only_other == 0) continue;
    any = true;
    out << "  " << rule << ": " << counts.both << " in both, " << counts.only_given << " only in " << options.rules << ", "
        << counts.only_other << " only in " << options.against << '\n';
  }
  if (!any) {
    out << "  no difference\n";
    return;
  }
  out << "  " << difference.visitors.size() << " visitors see something else; the first differences:\n";
  for (const Difference::Example& example : difference.examples) {
    out << "  " << (example.only_new ? "+ " : "- ") << format_when(example.t) << ' ' << rules::printable(example.what.visitor) << " tab "
        << example.what.tab << ' ' << example.what.rule << ' ' << name_of(example.what.verdict) << '\n';
  }
}

void write_difference(json::Writer& w, const Difference& difference, const RulesReplayOptions& options) {
  w.key("against").begin_object().key("rules_file").string(options.against);
  w.key("visitors").number(static_cast<std::int64_t>(difference.visitors.size())).key("rules").begin_array();
  for (const auto& [rule, counts] : difference.rules) {
    w.begin_object().key("rule").string(rule).key("both").number(static_cast<std::int64_t>(counts.both));
    w.key("only_given").number(static_cast<std::int64_t>(counts.only_given));
    w.key("only_against").number(static_cast<std::int64_t>(counts.only_other)).end_object();
  }
  w.end_array().end_object();
}

// What the decisions are made from and would take the place of; empty when nothing is.
std::string overwritten(const RulesReplayOptions& options) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(options.decisions, none)) return {};
  for (const std::string& input : {options.events, options.rules, options.against, options.config}) {
    if (std::filesystem::equivalent(input, options.decisions, none)) return input;
  }
  return {};
}

}  // namespace

int run_rules_replay(const RulesReplayOptions& options, std::ostream& out, std::ostream& err) {
  if (const std::string lost = overwritten(options); !lost.empty()) {
    err << "beckon rules replay: --decisions would overwrite " << lost << '\n';
    return 1;
  }
  ReplaySite site;
  site.config = options.config;
  site.site = options.site;
  ReplaySite other_site;
  other_site.config = options.config;
  other_site.site = options.site;
  for (ReplaySite* one : {&site, &other_site}) {
    if (base::Status loaded = one->load(); !loaded) {
      err << "beckon rules replay: " << loaded.error().message << '\n';
      return 1;
    }
    one->options.rules_from = options.rules_from == RulesFrom::kJournal ? rules::ReplayOptions::RulesFrom::kJournal
                                                                        : rules::ReplayOptions::RulesFrom::kGiven;
  }
  const auto set = load_rules(options.rules, site.id, err);
  if (!set) return 1;
  const auto other_set = options.against.empty() ? nullptr : load_rules(options.against, site.id, err);
  if (!options.against.empty() && !other_set) return 1;
  auto lines = JournalLines::open(options.events);
  if (!lines) {
    err << "beckon rules replay: " << lines.error().message << '\n';
    return 1;
  }
  std::unique_ptr<LineSink> sink;
  if (options.decisions == "-") {
    sink = sink_to(out);
  } else if (!options.decisions.empty()) {
    auto made = sink_to(std::filesystem::path(options.decisions));
    if (!made) {
      err << "beckon rules replay: " << made.error().message << '\n';
      return 1;
    }
    sink = std::move(*made);
  }

  Tally tally, other_tally;
  tally.sink = sink.get();
  Difference difference;
  Difference* compared = other_set ? &difference : nullptr;
  SideListener listener(tally, compared, 1), other_listener(other_tally, compared, -1);
  rules::Replay replay(set, listener, site.options);
  std::unique_ptr<rules::Replay> other;
  if (other_set) other = std::make_unique<rules::Replay>(other_set, other_listener, other_site.options);

  std::uint64_t bad = 0;
  {
    Progress progress("replaying");
    std::string_view line;
    while ((*lines)->next(line)) {
      progress.show(**lines);
      if (line.empty() && !(*lines)->too_long()) continue;
      std::optional<json::Error> error;
      if ((*lines)->too_long()) {
        error = json::Error{0, "the line is longer than the limit"};
      } else {
        error = replay.line(line);
        if (!error && other) static_cast<void>(other->line(line));
      }
      if (error && ++bad <= kMaxBadLinesShown) {
        err << options.events << ':' << (*lines)->number() << ':' << error->offset + 1 << ": error: " << error->message << '\n';
      }
      // Decisions of the instant that is going on are told later: what is before it is complete on both sides.
      if (other) difference.settle(replay.now() - rules::Duration{1});
    }
    replay.finish();
    if (other) {
      other->finish();
      difference.settle(rules::kNever);
    }
  }
  if (!(*lines)->error().empty()) {
    err << options.events << ": error: " << (*lines)->error() << '\n';
    ++bad;
  }
  if (bad > kMaxBadLinesShown) err << options.events << ": and " << bad - kMaxBadLinesShown << " more bad lines\n";
  if (sink) {
    if (base::Status finished = sink->finish(); !finished && tally.sink_error.empty()) tally.sink_error = finished.error().message;
  }
  if (!tally.sink_error.empty()) {
    err << "beckon rules replay: " << tally.sink_error << '\n';
    return 1;
  }

  std::ostream& summary = options.decisions == "-" ? err : out;  // standard output is the decisions' then
  if (options.format == Format::kJson) {
    std::string text;
    json::Writer w(text);
    w.begin_object().key("lines").number(static_cast<std::int64_t>(replay.counts().lines));
    w.key("visitors").number(static_cast<std::int64_t>(replay.counts().visitors));
    w.key("visits").number(static_cast<std::int64_t>(replay.counts().visits));
    w.key("decisions").number(static_cast<std::int64_t>(tally.decisions)).key("bad_lines").number(static_cast<std::int64_t>(bad));
    write_rule_counts(w, *set, tally);
    if (other) write_difference(w, difference, options);
    w.end_object();
    summary << text << '\n';
  } else {
    print_summary(summary, *set, tally, replay.counts());
    if (other) print_difference(summary, difference, options);
  }
  if (replay.counts().late > 0) {
    err << options.events << ": warning: " << replay.counts().late
        << " lines claim an earlier instant than a line before them; they were taken at the latest instant reached\n";
  }
  return bad == 0 ? 0 : 1;
}

}  // namespace beckon::cli
