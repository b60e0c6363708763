#include "beckon/rules/replay.hpp"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "beckon/rules/timers.hpp"

namespace beckon::rules {
namespace {

// What the visitors of one shard live under. A journal that knows of no shards has one.
struct Part {
  Part(std::shared_ptr<const RuleSet> set, const EngineOptions& options, SiteState site) : rules(set), engine(std::move(set), options) {
    engine.set_site(std::move(site));
  }
  std::shared_ptr<const RuleSet> rules;
  Engine engine;
  const Calendar* calendar = nullptr;  // of a `rules` line
  std::uint64_t forgotten = 0;         // the last gap: who was shelved before it is not known any more
};

struct Alive {
  Alive(Part& of, Visitor v) : part(&of), visitor(std::move(v)), timer(this) {}
  Part* part;
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
      : listener(to), options(std::move(with)), wheel(at_ms(0)) {
    parts.push_back(std::make_unique<Part>(std::move(set), options.engine, options.initial));
  }

  ReplayListener& listener;
  ReplayOptions options;
  std::vector<std::unique_ptr<Part>> parts;  // by shard
  TimerWheel wheel;
  std::unordered_map<std::string, std::unique_ptr<Alive>, TextHash, std::equal_to<>> alive;
  MemoryShelf own_shelf;
  VisitorShelf& shelf = options.shelf ? *options.shelf : own_shelf;  // visitors between visits
  std::uint64_t gaps = 0;
  std::string record;  // gaps until then, a space, the snapshot
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

  [[nodiscard]] Part& part_of(std::string_view id) const {
    return parts.size() == 1 ? *parts.front() : *parts[shard_of(id, static_cast<std::uint32_t>(parts.size()))];
  }

  // A server divides its visitors among so many shards from now on, each of which begins as the first was.
  void divide(std::uint32_t shards) {
    if (shards <= 1 || shards == parts.size()) return;
    const std::vector<std::unique_ptr<Part>> before = std::move(parts);
    const Part& first = *before.front();
    parts.clear();
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      parts.push_back(std::make_unique<Part>(first.rules, options.engine, first.engine.site()));
      parts.back()->forgotten = first.forgotten;
      if ((parts.back()->calendar = first.calendar)) parts.back()->engine.set_calendar(*first.calendar);
    }
    for (auto& [id, one] : alive) {
      Part& part = part_of(id);
      if (one->part->rules != part.rules) one->visitor = part.engine.import(id, one->part->engine.snapshot(one->visitor));
      one->part = &part;
    }
  }

  // The parts that a line for the site concerns.
  std::vector<Part*> parts_of(const JournalLine& line) {
    divide(line.shards);
    if (line.shards > 1) return {parts[line.shard].get()};
    std::vector<Part*> all;
    for (const auto& part : parts) all.push_back(part.get());
    return all;
  }

  // Passes on what one call gave. Its decisions may be of several instants only when the visitor was passed by more than one
  // deadline, which pass() below avoids.
  void tell(const Alive& one) {
    const Visitor& visitor = one.visitor;
    const std::shared_ptr<const RuleSet>& rules = one.part->rules;
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
    listener.looked(one.part->engine, visitor);
  }

  void pass(Instant t) {
    while (Timer* timer = wheel.take_due(t)) {
      Alive& one = *static_cast<Alive*>(timer->owner());
      one.part->engine.pass(one.visitor, timer->due(), out);
      tell(one);
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
    record = std::to_string(gaps) + ' ';
    json::Writer writer(record);
    write_snapshot(writer, one.part->engine.snapshot(one.visitor));
    shelf.put(id, record);
    alive.erase(id);
  }

  Alive& find(std::string_view id) {
    const auto found = alive.find(id);
    if (found != alive.end()) return *found->second;
    Part& part = part_of(id);
    VisitorSnapshot snapshot;
    const bool known = shelf.take(id, record) && std::stoull(record) >= part.forgotten;
    if (known && read_snapshot(std::string_view(record).substr(record.find(' ') + 1), snapshot)) {
      snapshot = {};  // cannot be: it was written above
    }
    if (!known) ++counts.visitors;
    auto one = std::make_unique<Alive>(part, known ? part.engine.import(id, snapshot) : part.engine.make_visitor(id));
    return *alive.emplace(std::string(id), std::move(one)).first->second;
  }

  template <typename Call>
  void for_each(const std::vector<Part*>& concerned, Call&& call) {
    std::vector<Alive*> all;
    for (const auto& [id, one] : alive) {
      if (std::find(concerned.begin(), concerned.end(), one->part) != concerned.end()) all.push_back(one.get());
    }
    std::sort(all.begin(), all.end(), [](const Alive* a, const Alive* b) { return a->visitor.id() < b->visitor.id(); });
    for (Alive* one : all) {
      call(*one);
      tell(*one);
      settle(*one);
    }
  }

  void event(const JournalLine& line) {
    Event event = line.event;
    Alive& one = find(line.visitor);
    if (event.type == EventType::kPage) {
      parse_page_url(line.raw_url, one.part->rules->query_names(), url);
      event.url = &url;
      if (line.raw_referrer) {
        referrer = filter_url(*line.raw_referrer, one.part->rules->query_names());
        event.referrer = referrer;
      }
      if (!line.user_agent.empty() && options.read_user_agent) options.read_user_agent(line.user_agent, event);
    }
    const bool in_visit = one.visitor.in_visit();
    one.part->engine.apply(one.visitor, now, event, out);
    if (!in_visit && one.visitor.in_visit()) ++counts.visits;
    tell(one);
    settle(one);
  }

  // What was known of a visitor before, in place of what is known.
  void known_before(const JournalLine& line) {
    alive.erase(std::string(line.visitor));
    Part& part = part_of(line.visitor);
    if (!shelf.take(line.visitor, record) || std::stoull(record) < part.forgotten) ++counts.visitors;
    auto one = std::make_unique<Alive>(part, part.engine.import(line.visitor, *line.snapshot));
    Alive& kept = *alive.emplace(std::string(line.visitor), std::move(one)).first->second;
    part.engine.pass(kept.visitor, now, out);
    tell(kept);
    settle(kept);
  }

  void site(const JournalLine& line) {
    const std::vector<Part*> concerned = parts_of(line);
    for (Part* part : concerned) part->engine.set_site(site_of(line, part->engine.site()));
    for_each(concerned, [&](Alive& one) { one.part->engine.site_changed(one.visitor, now, out); });
  }

  static SiteState site_of(const JournalLine& line, SiteState site) {
    if (line.kind == LineKind::kHours) {
      site.open = line.site.open;
    } else {
      site.operators = line.site.operators;
      site.free_slots = line.site.free_slots;
      site.queue = line.site.queue;
      site.skills = line.site.skills;
      site.skills_known = line.site.skills_known;
    }
    return site;
  }

  std::optional<json::Error> new_rules(const JournalLine& line) {
    if (options.rules_from == ReplayOptions::RulesFrom::kGiven) return std::nullopt;
    CheckResult checked = check(line.rules_text);
    if (!checked.file) return json::Error{0, "the rules of this line do not compile: " + checked.diagnostics.front().message};
    const std::string site = line.site_id.empty() ? options.site : std::string(line.site_id);
    const auto rules = RuleSet::compile(std::move(*checked.file), {site});
    const bool zoned = !line.time_zone.empty() && options.calendar_for;
    const Calendar* calendar = zoned ? options.calendar_for(line.time_zone) : nullptr;
    const std::vector<Part*> concerned = parts_of(line);
    for (Part* part : concerned) {
      part->rules = rules;
      part->engine.set_rules(rules);
      if (calendar) part->engine.set_calendar(*(part->calendar = calendar));
    }
    for_each(concerned, [&](Alive& one) { one.part->engine.rules_changed(one.visitor, now, out); });
    return std::nullopt;
  }

  void gap(const JournalLine& line) {
    ++gaps;
    for (Part* part : parts_of(line)) {
      std::erase_if(alive, [&](const auto& entry) { return entry.second->part == part; });
      part->engine.set_site(options.initial);
      part->forgotten = gaps;
    }
    if (line.shards <= 1) shelf.clear();
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
    case LineKind::kVisitor: s.known_before(line); break;
    case LineKind::kOperators:
    case LineKind::kHours: s.site(line); break;
    case LineKind::kRules: return s.new_rules(line);
    case LineKind::kGap: s.gap(line); break;
  }
  return std::nullopt;
}

void Replay::pass(Instant t) {
  State& s = *state_;
  s.pass(t);
  // Nothing is due any more; values that grow are looked at as of t.
  for (auto& [id, one] : s.alive) one->part->engine.pass(one->visitor, t, s.out);
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

const Engine& Replay::engine(std::string_view visitor) const { return state_->part_of(visitor).engine; }
Instant Replay::now() const { return state_->now; }

}  // namespace beckon::rules
