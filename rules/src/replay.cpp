#include "beckon/rules/replay.hpp"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "beckon/rules/timers.hpp"

namespace beckon::rules {
namespace {

struct Alive {
  explicit Alive(Visitor v) : visitor(std::move(v)), timer(this) {}
  Visitor visitor;
  Timer timer;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Where visitors are kept between visits unless the host lends a place.
class MemoryShelf final : public VisitorShelf {
 public:
  void put(std::string_view id, std::string_view record) override { records_.insert_or_assign(std::string(id), record); }
  bool take(std::string_view id, std::string& record) override {
    const auto found = records_.find(id);
    if (found == records_.end()) return false;
    record = std::move(found->second);
    records_.erase(found);
    return true;
  }
  void clear() override { records_.clear(); }

 private:
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> records_;
};

// A decision with whose it is, until all of its instant are known: they are told by visitor.
struct Told {
  std::string visitor;
  std::vector<Decision> decisions;
  std::shared_ptr<const RuleSet> rules;
};

}  // namespace

struct Replay::State {
  State(std::shared_ptr<const RuleSet> set, ReplayListener& to, ReplayOptions with)
      : rules(set), listener(to), options(std::move(with)), engine(std::move(set), options.engine), wheel(at_ms(0)) {
    engine.set_site(options.initial);
  }

  std::shared_ptr<const RuleSet> rules;
  ReplayListener& listener;
  ReplayOptions options;
  Engine engine;
  TimerWheel wheel;
  std::unordered_map<std::string, std::unique_ptr<Alive>, TextHash, std::equal_to<>> alive;
  MemoryShelf own_shelf;
  VisitorShelf& shelf = options.shelf ? *options.shelf : own_shelf;  // visitors between visits
  std::string record;
  JournalReader reader;
  JournalLine parsed;
  PageUrl url;
  std::string referrer;
  Output out;
  std::vector<Told> told;      // of the instant `told_at`
  Instant told_at = at_ms(0);
  Instant now = at_ms(0);
  bool started = false;
  ReplayCounts counts;

  void flush() {
    if (told.empty()) return;
    if (told.size() > 1) {
      std::stable_sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.visitor < b.visitor; });
    }
    for (const Told& one : told) {
      for (const Decision& decision : one.decisions) listener.decided(one.visitor, decision, *one.rules);
    }
    told.clear();
  }

  // Passes on what one call gave. Its decisions may be of several instants only when the visitor was passed by more than one
  // deadline, which pass() below avoids.
  void tell(const Visitor& visitor) {
    for (const Decision& decision : out.decisions) {
      if (decision.t != told_at) {
        flush();
        told_at = decision.t;
      }
      if (told.empty() || told.back().visitor != visitor.id() || told.back().rules != rules) {
        told.push_back({std::string(visitor.id()), {}, rules});
      }
      told.back().decisions.push_back(decision);
    }
    for (const EndedOffer& ended : out.ended) listener.ended(visitor.id(), ended);
    out.clear();
    listener.looked(engine, visitor);
  }

  void pass(Instant t) {
    while (Timer* timer = wheel.take_due(t)) {
      Alive& one = *static_cast<Alive*>(timer->owner());
      engine.pass(one.visitor, timer->due(), out);
      tell(one.visitor);
      settle(one);
    }
    now = std::max(now, t);
    if (told_at < now) flush();  // of the instant reached, more may follow
  }

  // Wakes the visitor when it must be, and shelves it when its visit is over.
  void settle(Alive& one) {
    if (one.visitor.in_visit()) {
      wheel.set(one.timer, one.visitor.next_deadline());
      return;
    }
    const std::string id(one.visitor.id());
    record.clear();
    json::Writer writer(record);
    write_snapshot(writer, engine.snapshot(one.visitor));
    shelf.put(id, record);
    alive.erase(id);
  }

  Alive& find(std::string_view id) {
    const auto found = alive.find(id);
    if (found != alive.end()) return *found->second;
    VisitorSnapshot snapshot;
    const bool known = shelf.take(id, record);
    if (known && read_snapshot(record, snapshot)) snapshot = {};  // cannot be: it was written above
    if (!known) ++counts.visitors;
    auto one = std::make_unique<Alive>(known ? engine.import(id, snapshot) : engine.make_visitor(id));
    return *alive.emplace(std::string(id), std::move(one)).first->second;
  }

  template <typename Call>
  void for_each(const JournalLine& line, Call&& call) {
    std::vector<Alive*> all;
    for (const auto& [id, one] : alive) {
      if (line.shards <= 1 || shard_of(id, line.shards) == line.shard) all.push_back(one.get());
    }
    std::sort(all.begin(), all.end(), [](const Alive* a, const Alive* b) { return a->visitor.id() < b->visitor.id(); });
    for (Alive* one : all) {
      call(one->visitor);
      tell(one->visitor);
      settle(*one);
    }
  }

  void event(const JournalLine& line) {
    Event event = line.event;
    if (event.type == EventType::kPage) {
      parse_page_url(line.raw_url, rules->query_names(), url);
      event.url = &url;
      if (line.raw_referrer) {
        referrer = filter_url(*line.raw_referrer, rules->query_names());
        event.referrer = referrer;
      }
      if (!line.user_agent.empty() && options.read_user_agent) options.read_user_agent(line.user_agent, event);
    }
    Alive& one = find(line.visitor);
    const bool in_visit = one.visitor.in_visit();
    engine.apply(one.visitor, now, event, out);
    if (!in_visit && one.visitor.in_visit()) ++counts.visits;
    tell(one.visitor);
    settle(one);
  }

  void site(const JournalLine& line) {
    SiteState site = engine.site();
    if (line.kind == LineKind::kHours) {
      site.open = line.site.open;
    } else {
      site.operators = line.site.operators;
      site.free_slots = line.site.free_slots;
      site.queue = line.site.queue;
      site.skills = line.site.skills;
      site.skills_known = line.site.skills_known;
    }
    engine.set_site(std::move(site));
    for_each(line, [&](Visitor& visitor) { engine.site_changed(visitor, now, out); });
  }

  std::optional<json::Error> new_rules(const JournalLine& line) {
    if (options.rules_from == ReplayOptions::RulesFrom::kGiven) return std::nullopt;
    CheckResult checked = check(line.rules_text);
    if (!checked.file) return json::Error{0, "the rules of this line do not compile: " + checked.diagnostics.front().message};
    const std::string site = line.site_id.empty() ? options.site : std::string(line.site_id);
    rules = RuleSet::compile(std::move(*checked.file), {site});
    engine.set_rules(rules);
    if (!line.time_zone.empty() && options.calendar_for) {
      if (const Calendar* calendar = options.calendar_for(line.time_zone)) engine.set_calendar(*calendar);
    }
    for_each(line, [&](Visitor& visitor) { engine.rules_changed(visitor, now, out); });
    return std::nullopt;
  }

  void gap() {
    alive.clear();
    shelf.clear();
    engine.set_site(options.initial);
  }
};

Replay::Replay(std::shared_ptr<const RuleSet> rules, ReplayListener& listener, ReplayOptions options)
    : state_(std::make_unique<State>(std::move(rules), listener, std::move(options))) {}

Replay::~Replay() = default;

std::optional<json::Error> Replay::line(std::string_view text) {
  if (auto error = state_->reader.read(text, state_->parsed)) return error;
  return line(state_->parsed);
}

std::optional<json::Error> Replay::line(const JournalLine& line) {
  State& s = *state_;
  ++s.counts.lines;
  if (s.started && line.t < s.now) ++s.counts.late;
  s.started = true;
  s.pass(std::max(line.t, s.now));
  switch (line.kind) {
    case LineKind::kEvent: s.event(line); break;
    case LineKind::kVisitor: {
      s.alive.erase(std::string(line.visitor));
      if (!s.shelf.take(line.visitor, s.record)) ++s.counts.visitors;
      auto one = std::make_unique<Alive>(s.engine.import(line.visitor, *line.snapshot));
      Alive& kept = *s.alive.emplace(std::string(line.visitor), std::move(one)).first->second;
      s.engine.pass(kept.visitor, s.now, s.out);
      s.tell(kept.visitor);
      s.settle(kept);
      break;
    }
    case LineKind::kOperators:
    case LineKind::kHours: s.site(line); break;
    case LineKind::kRules: return s.new_rules(line);
    case LineKind::kGap: s.gap(); break;
  }
  return std::nullopt;
}

void Replay::pass(Instant t) {
  State& s = *state_;
  s.pass(t);
  // Nothing is due any more; values that grow are looked at as of t.
  for (auto& [id, one] : s.alive) s.engine.pass(one->visitor, t, s.out);
}

void Replay::flush() { state_->flush(); }

void Replay::finish() {
  state_->pass(state_->now + state_->options.engine.visit_timeout);
  state_->flush();
}

const ReplayCounts& Replay::counts() const { return state_->counts; }

const Visitor* Replay::visitor(std::string_view id) const {
  const auto found = state_->alive.find(id);
  return found == state_->alive.end() ? nullptr : &found->second->visitor;
}

const Engine& Replay::engine() const { return state_->engine; }
Instant Replay::now() const { return state_->now; }

}  // namespace beckon::rules
