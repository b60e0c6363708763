// What must not matter to the decisions: looks at other instants, the order of visitors, how visitors are spread over shards, a
// restart in between. Over random scenarios, the engine against itself.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
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

// A replay of some of a scenario's lines.
class Run {
 public:
  explicit Run(const Scenario& scenario) : replay_(compiled(scenario), listening_, replay_options(scenario)) {}

  void line(std::string_view text) {
    if (auto error = replay_.line(text)) throw std::runtime_error(error->message + ": " + std::string(text));
  }
  rules::Replay& replay() { return replay_; }
  const std::vector<Told>& told() const { return listening_.told; }
  std::vector<std::string> texts() const { return listening_.texts(); }

 private:
  Listening listening_;
  rules::Replay replay_;
};

std::vector<std::string> whole(const Scenario& scenario) {
  Run run(scenario);
  for (const std::string& line : scenario.line_texts()) run.line(line);
  run.replay().finish();
  return run.texts();
}

std::set<std::string> visitors_of(const Scenario& scenario) {
  std::set<std::string> visitors;
  for (const Node& line : scenario.lines) visitors.insert(visitor_of(line));
  visitors.erase("");
  return visitors;
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
  std::stable_sort(told.begin(), told.end(),
                   [](const Told& a, const Told& b) { return std::tie(a.t, a.visitor) < std::tie(b.t, b.visitor); });
  std::vector<std::string> merged;
  for (const Told& one : told) merged.push_back(one.text);
  return difference(merged, whole(scenario));
}

std::optional<std::string> restart(const Scenario& scenario, Random random) {
  std::vector<std::string> lines = scenario.line_texts();
  std::size_t cut = random.below(lines.size());
  std::int64_t t = time_of(scenario.lines[cut]);
  Run before(scenario);
  for (std::size_t i = 0; i <= cut; ++i) before.line(lines[i]);
  before.replay().pass(rules::at_ms(t));

  const rules::Engine& engine = before.replay().engine();
  Scenario after_restart = scenario;
  for (std::size_t i = 0; i <= cut; ++i) {
    if (const Node* file = scenario.lines[i].find("file")) after_restart.rules = *file;
  }
  Run after(after_restart);
  std::string known;
  rules::write_operators(known, rules::at_ms(t), engine.site());
  if (engine.site().open) rules::write_hours(known, rules::at_ms(t), *engine.site().open);
  for (const std::string& visitor : visitors_of(scenario)) {
    const rules::Visitor* alive = before.replay().visitor(visitor);
    if (alive) rules::write_visitor(known, rules::at_ms(t), visitor, engine.snapshot(*alive));
  }
  for (std::size_t at = 0; at < known.size(); at = known.find('\n', at) + 1) {
    after.line(std::string_view(known).substr(at, known.find('\n', at) - at));
  }
  for (std::size_t i = cut + 1; i < lines.size(); ++i) after.line(lines[i]);
  after.replay().finish();

  // What was decided until the restart; the rest of this run is another's.
  before.replay().finish();
  std::vector<std::string> both;
  for (const Told& one : before.told()) {
    if (one.t <= t) both.push_back(one.text);
  }
  for (const std::string& text : after.texts()) both.push_back(text);
  return difference(both, whole(scenario));
}

}  // namespace

TEST_CASE("looks at other instants change nothing") { check(other_looks); }

TEST_CASE("the order of visitors' lines within an instant does not matter") { check(turned_order); }

TEST_CASE("visitors may be spread over shards") { check(shards); }

TEST_CASE("a restart in between, with every visitor stored and loaded, changes nothing") { check(restart); }

}  // namespace beckon::property
