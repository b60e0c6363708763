// What must not matter to the decisions: looks at other instants, the order of visitors, how visitors are spread over shards, a
// restart in between. Over random scenarios, the engine against itself.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <tuple>

#include "rules/property/compare.hpp"
#include "rules/property/generate.hpp"
#include "rules/property/listening.hpp"

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
std::optional<Scenario> ordered_scenario(std::uint64_t seed) {
  Scenario scenario = generate(seed);
  if (!is_valid(scenario)) return std::nullopt;
  std::int64_t latest = 0;
  for (Node& line : scenario.lines) {
    latest = std::max(latest, time_of(line));
    line.set("t", Node::of(latest));
  }
  return scenario;
}

template <typename Property>
void for_each_scenario(Property&& property) {
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kRuns; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    if (std::optional<Scenario> scenario = ordered_scenario(seed)) property(*scenario, random);
  }
}

rules::Instant end_of(const Scenario& scenario) {
  return rules::at_ms(time_of(scenario.lines.back()) + scenario.visit_timeout_ms);
}

// A replay of some of a scenario's lines.
class Run {
 public:
  explicit Run(const Scenario& scenario) : replay_(compiled(scenario), listening_, replay_options(scenario)) {}

  void line(std::string_view text) {
    auto error = replay_.line(text);
    INFO(text);
    REQUIRE_FALSE(error);
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
  run.replay().pass(end_of(scenario));
  return run.texts();
}

std::set<std::string> visitors_of(const Scenario& scenario) {
  std::set<std::string> visitors;
  for (const Node& line : scenario.lines) visitors.insert(visitor_of(line));
  visitors.erase("");
  return visitors;
}

}  // namespace

TEST_CASE("looks at other instants change nothing") {
  for_each_scenario([](const Scenario& scenario, Random& random) {
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
    run.replay().pass(end_of(scenario));
    CHECK(run.texts() == whole(scenario));
  });
}

TEST_CASE("the order of visitors' lines within an instant does not matter") {
  for_each_scenario([](const Scenario& scenario, Random&) {
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
    CHECK(whole(turned) == whole(scenario));
  });
}

TEST_CASE("visitors may be spread over shards") {
  for_each_scenario([](const Scenario& scenario, Random&) {
    constexpr std::uint32_t kShards = 3;
    std::vector<Told> told;
    for (std::uint32_t shard = 0; shard < kShards; ++shard) {
      Run run(scenario);
      std::vector<std::string> lines = scenario.line_texts();
      for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string visitor = visitor_of(scenario.lines[i]);
        if (visitor.empty() || rules::shard_of(visitor, kShards) == shard) run.line(lines[i]);
      }
      run.replay().pass(end_of(scenario));
      told.insert(told.end(), run.told().begin(), run.told().end());
    }
    std::stable_sort(told.begin(), told.end(),
                     [](const Told& a, const Told& b) { return std::tie(a.t, a.visitor) < std::tie(b.t, b.visitor); });
    std::vector<std::string> merged;
    for (const Told& one : told) merged.push_back(one.text);
    CHECK(merged == whole(scenario));
  });
}

TEST_CASE("a restart in between, with every visitor stored and loaded, changes nothing") {
  for_each_scenario([](const Scenario& scenario, Random& random) {
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
    after.replay().pass(end_of(scenario));

    std::vector<std::string> both = before.texts();
    for (const std::string& text : after.texts()) both.push_back(text);
    CHECK(both == whole(scenario));
  });
}

}  // namespace beckon::property
