// What must not matter to the decisions: looks at other instants, the order of visitors, how visitors are spread over
// shards, a restart in between. Over random scenarios, the engine against itself.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>
#include <tuple>

#include "rules/property/compare.hpp"
#include "rules/property/generate.hpp"
#include "rules/property/listening.hpp"
#include "rules/property/shrink.hpp"

namespace beckon::property {
namespace {

constexpr std::uint64_t kFirstSeed = 7'000'000;
constexpr std::uint64_t kRuns = 400;

std::int64_t time_of(const Node& line) { return std::stoll(line.find("t")->text); }

std::string visitor_of(const Node& line) {
  const Node* visitor = line.find("visitor");
  return visitor ? visitor->text : "";
}

// A valid scenario whose lines are in order of time: parts of it then mean the same as in the whole.
std::optional<Scenario> ordered_scenario(Scenario scenario) {
  if (scenario.lines.empty() || !is_valid(scenario)) return std::nullopt;
  std::int64_t latest = 0;
  for (Node& line : scenario.lines) {
    latest = std::max(latest, time_of(line));
    line.set("t", Node::of(latest));
  }
  return scenario;
}

// Each property gives the first difference that it finds, the same for the same seed.
using Property = std::optional<std::string> (*)(const Scenario& scenario, Random random);

void check(Property property) {
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kRuns; ++seed) {
    std::optional<Scenario> scenario = ordered_scenario(generate(seed));
    if (!scenario || !property(*scenario, Random(seed))) continue;
    Scenario small = shrink(*scenario, [&](const Scenario& candidate) {
      std::optional<Scenario> ordered = ordered_scenario(candidate);
      return ordered && property(*ordered, Random(seed));
    });
    FAIL(case_text(small, "seed " + std::to_string(seed), {}) << *property(small, Random(seed)));
  }
  SUCCEED();
}

// Keeps the snapshot of every visitor beside the decisions, as a store would.
class Storing : public Listening {
 public:
  void looked(const rules::Engine& engine, const rules::Visitor& visitor) override {
    stored[std::string(visitor.id())] = engine.snapshot(visitor);
  }
  std::map<std::string, rules::VisitorSnapshot> stored;
};

// A replay of some of a scenario's lines.
class Run {
 public:
  explicit Run(const Scenario& scenario) : replay_(compiled(scenario), listening_, replay_options(scenario)) {}

  void line(std::string_view text) {
    if (auto error = replay_.line(text)) throw std::runtime_error(error->message + ": " + std::string(text));
  }
  rules::Replay& replay() { return replay_; }
  std::map<std::string, rules::VisitorSnapshot>& stored() { return listening_.stored; }
  const std::vector<Told>& told() const { return listening_.told; }
  std::vector<std::string> texts() const { return listening_.texts(); }

 private:
  Storing listening_;
  rules::Replay replay_;
};

std::vector<std::string> whole(const Scenario& scenario) {
  Run run(scenario);
  for (const std::string& line : scenario.line_texts()) run.line(line);
  run.replay().finish();
  return run.texts();
}

// Texts in order of time, then visitor, else as they are.
std::vector<std::string> in_order(std::vector<Told> told) {
  std::stable_sort(told.begin(), told.end(),
                   [](const Told& a, const Told& b) { return std::tie(a.t, a.visitor) < std::tie(b.t, b.visitor); });
  std::vector<std::string> texts;
  for (const Told& one : told) texts.push_back(one.text);
  return texts;
}

std::optional<std::string> other_looks(const Scenario& scenario, Random random) {
  Run run(scenario);
  std::vector<std::string> lines = scenario.line_texts();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    run.line(lines[i]);
    std::int64_t from = time_of(scenario.lines[i]);
    std::int64_t to = i + 1 < lines.size() ? time_of(scenario.lines[i + 1]) : from + scenario.visit_timeout_ms;
    for (std::int64_t looks = random.between(0, 4); looks > 0; --looks) {
      from = random.between(from, to);
      run.replay().pass(rules::at_ms(from));
    }
  }
  run.replay().finish();
  return difference(run.texts(), whole(scenario));
}

std::optional<std::string> turned_order(const Scenario& scenario, Random) {
  // Lines of one instant between two lines for the site: by visitor, backwards.
  Scenario turned = scenario;
  auto begin = turned.lines.begin();
  while (begin != turned.lines.end()) {
    auto end = std::find_if(begin, turned.lines.end(), [&](const Node& line) {
      return visitor_of(line).empty() || time_of(line) != time_of(*begin);
    });
    std::stable_sort(begin, end, [](const Node& a, const Node& b) { return visitor_of(a) > visitor_of(b); });
    begin = end == begin ? end + 1 : end;
  }
  return difference(whole(turned), whole(scenario));
}

std::optional<std::string> shards(const Scenario& scenario, Random) {
  constexpr std::uint32_t kShards = 3;
  std::vector<Told> told;
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    Run run(scenario);
    std::vector<std::string> lines = scenario.line_texts();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string visitor = visitor_of(scenario.lines[i]);
      if (visitor.empty() || rules::shard_of(visitor, kShards) == shard) run.line(lines[i]);
    }
    run.replay().finish();
    told.insert(told.end(), run.told().begin(), run.told().end());
  }
  return difference(in_order(std::move(told)), whole(scenario));
}

// The journal of a server with several shards: each writes the site's lines for itself, at an instant of its own.
std::vector<Node> sharded_journal(const Scenario& scenario, std::uint32_t shards, Random& random) {
  std::vector<std::vector<Node>> waiting(shards);
  std::vector<Node> journal;
  std::int64_t now = 0;
  auto write_some = [&](std::uint32_t shard, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) journal.push_back(waiting[shard][i].set("t", Node::of(now)));
    waiting[shard].erase(waiting[shard].begin(), waiting[shard].begin() + static_cast<std::ptrdiff_t>(count));
  };
  for (const Node& line : scenario.lines) {
    now = time_of(line);
    if (!visitor_of(line).empty()) {
      journal.push_back(line);
    } else {
      for (std::uint32_t shard = 0; shard < shards; ++shard) {
        Node copy = line;
        copy.set("shard", Node::of(std::int64_t{shard})).set("shards", Node::of(std::int64_t{shards}));
        waiting[shard].push_back(std::move(copy));
      }
    }
    for (std::uint32_t shard = 0; shard < shards; ++shard) write_some(shard, random.below(waiting[shard].size() + 1));
  }
  return journal;
}

std::optional<std::string> one_journal_of_shards(const Scenario& scenario, Random random) {
  constexpr std::uint32_t kShards = 3;
  Scenario sharded = scenario;
  sharded.lines = sharded_journal(scenario, kShards, random);
  std::vector<Told> told;
  for (std::uint32_t shard = 0; shard < kShards; ++shard) {
    // What this shard wrote, as the journal of a server that has one.
    Scenario own = scenario;
    own.lines.clear();
    for (Node line : sharded.lines) {
      const Node* of = line.find("shard");
      const std::string visitor = visitor_of(line);
      if (of ? of->text != std::to_string(shard) : rules::shard_of(visitor, kShards) != shard) continue;
      line.remove("shard");
      line.remove("shards");
      own.lines.push_back(std::move(line));
    }
    Run run(own);
    for (const std::string& line : own.line_texts()) run.line(line);
    run.replay().finish();
    told.insert(told.end(), run.told().begin(), run.told().end());
  }
  return difference(in_order(std::move(told)), whole(sharded));
}

std::optional<std::string> restart(const Scenario& scenario, Random random) {
  std::vector<std::string> lines = scenario.line_texts();
  std::size_t cut = random.below(lines.size());
  std::int64_t t = time_of(scenario.lines[cut]);
  Run before(scenario);
  for (std::size_t i = 0; i <= cut; ++i) {
    before.line(lines[i]);
    if (scenario.lines[i].find("type")->text == "gap") before.stored().clear();
  }
  before.replay().pass(rules::at_ms(t));

  const rules::Engine& engine = before.replay().engine("");
  Scenario after_restart = scenario;
  for (std::size_t i = 0; i <= cut; ++i) {
    if (const Node* file = scenario.lines[i].find("file")) after_restart.rules = *file;
  }
  Run after(after_restart);
  std::string known;
  rules::write_operators(known, rules::at_ms(t), engine.site());
  if (engine.site().open) rules::write_hours(known, rules::at_ms(t), *engine.site().open);
  for (const auto& [visitor, snapshot] : before.stored())
    rules::write_visitor(known, rules::at_ms(t), visitor, snapshot);
  for (std::size_t at = 0; at < known.size(); at = known.find('\n', at) + 1) {
    after.line(std::string_view(known).substr(at, known.find('\n', at) - at));
  }
  for (std::size_t i = cut + 1; i < lines.size(); ++i) after.line(lines[i]);
  after.replay().finish();

  // What was decided until the restart; the rest of this run is another's.
  before.replay().finish();
  std::vector<Told> both = before.told();
  std::erase_if(both, [&](const Told& one) { return one.t > t; });
  both.insert(both.end(), after.told().begin(), after.told().end());
  return difference(in_order(std::move(both)), whole(scenario));
}

// A page, one event y, then x over and over. The rule fires when y is forgotten.
Scenario many_events(std::size_t count, const Node& data) {
  Scenario scenario;
  json::ParseResult rules = json::parse(R"({"rules":[{"id":"r","then":{"emit":"e"},"when":{"all":[
      {"event":"x","within":"visitor"},{"none":[{"event":"y","within":"visitor"}]}]}}]})");
  scenario.rules = Node::copy(rules.document->root());
  auto line = [&](const char* type) {
    Node node =
        Node::object().set("t", Node::of(std::int64_t{1'700'000'000'000} + std::int64_t(scenario.lines.size())));
    return node.set("visitor", Node::of("v")).set("type", Node::of(type));
  };
  scenario.lines.push_back(line("page").set("url", Node::of("/")));
  scenario.lines.push_back(line("event").set("name", Node::of("y")));
  for (std::size_t i = 0; i < count; ++i) {
    scenario.lines.push_back(line("event").set("name", Node::of("x")).set("data", data));
  }
  return scenario;
}

}  // namespace

TEST_CASE("the oldest events are forgotten at the same event in engine and oracle") {
  Node none = Node::object();
  CHECK(engine_decisions(many_events(999, none)).empty());
  CHECK(engine_decisions(many_events(1000, none)).size() == 1);
  CHECK(difference(many_events(1000, none)) == std::nullopt);
  // 64 KiB are 63 events of 1,024 bytes and the 18 of y.
  Node heavy = Node::object().set("k", Node::of(std::string(1024 - 16 - 1 - 1 - 1, 'a')));
  CHECK(engine_decisions(many_events(63, heavy)).empty());
  CHECK(engine_decisions(many_events(64, heavy)).size() == 1);
  CHECK(difference(many_events(70, heavy)) == std::nullopt);
}

TEST_CASE("looks at other instants change nothing") { check(other_looks); }

TEST_CASE("the order of visitors' lines within an instant does not matter") { check(turned_order); }

TEST_CASE("visitors may be spread over shards") { check(shards); }

TEST_CASE("a journal that several shards wrote gives what each of them decided") { check(one_journal_of_shards); }

TEST_CASE("a restart in between, with every visitor stored and loaded, changes nothing") { check(restart); }

}  // namespace beckon::property
