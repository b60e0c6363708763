#include <algorithm>
#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

// Opens one minute after the epoch of the tests, for an hour.
class Hours final : public rules::Calendar {
 public:
  explicit Hours(base::Instant opens) : opens_(opens), closes_(opens + 1h) {}
  [[nodiscard]] rules::LocalTime local(base::Instant t) const override {
    return {9, rules::Weekday::kMon, t >= opens_ && t < closes_};
  }
  [[nodiscard]] base::Instant next_change(base::Instant t) const override {
    return t < opens_ ? opens_ : t < closes_ ? closes_ : base::kNever;
  }

 private:
  base::Instant opens_, closes_;
};

const base::Instant kStart = rules::at_ms(1'800'000'000'000);

std::vector<std::string> types(const std::vector<std::string>& lines) {
  std::vector<std::string> found;
  for (const std::string& line : lines) found.push_back(field(line, "type"));
  return found;
}

}  // namespace

TEST_CASE("opening hours open at their instant, and the journal says so") {
  auto site = site_settings(R"({"rules": [{"id": "open", "when": {"site.open": true}, "then": {"invite": {"text": "Hi"}}}]})");
  site->calendar = std::make_shared<Hours>(kStart + 1min);
  World world(site);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  world.pass(59'999ms);
  CHECK(tab.next("offer") == "");
  world.pass(1ms);
  CHECK(field(tab.next("offer"), "rule") == "open");
  CHECK(types(world.journal()) == std::vector<std::string>{"gap", "rules", "operators", "hours", "page", "hours"});
  CHECK(field(world.journal()[3], "open") == "false");
  CHECK(field(world.journal()[5], "open") == "true");
}

TEST_CASE("an offer that needs an operator is withdrawn when nobody can answer any more") {
  World world(R"({"rules": [{"id": "op", "when": {"page.dwell": {"gte": "1s"}}, "then": {"invite": {"text": "Hi"}},
                  "needs": {"operator": true}}]})");
  Tab tab(world, "t1", "s1");
  rules::SiteState busy;
  busy.free_slots = 0;
  world.shard().set_site_state(base::SiteId("shop"), busy);
  tab.hello("/");
  world.pass(5s);
  CHECK(tab.next("offer") == "");
  world.shard().set_site_state(base::SiteId("shop"), {});
  CHECK(field(tab.next("offer"), "rule") == "op");
  world.shard().set_site_state(base::SiteId("shop"), busy);
  CHECK(field(tab.next("withdraw"), "why") == "withdrawn");
  CHECK(world.results()[0].withdrawn == 1);
  const auto lines = types(world.journal());
  CHECK(std::count(lines.begin(), lines.end(), "operators") == 4);
}

TEST_CASE("a state that is no change is no line") {
  World world;
  const std::size_t before = world.journal().size();
  world.shard().set_site_state(base::SiteId("shop"), {});
  world.put_rules(R"({"rules": []})");
  CHECK(world.journal().size() == before + 1);
  CHECK(field(world.journal().back(), "type") == "rules");
}

TEST_CASE("another consent mode or visit time-out begins the journal anew, with everybody who is here") {
  World world;
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  world.pass(1s);
  auto changed = std::make_shared<core::SiteSettings>(*world.site);
  changed->visit_timeout = 10min;
  world.shard().put_site(changed);
  CHECK(types(world.journal()) ==
        std::vector<std::string>{"gap", "rules", "operators", "page", "gap", "rules", "operators", "visitor"});
  CHECK(tab.connection->code() == 0);
}

TEST_CASE("texts and theme are in the welcome, in the visitor's language") {
  auto site = site_settings(R"({"rules": []})");
  site->texts = {{"en", {{"close", "Close"}}}, {"fr", {{"close", "Fermer"}}}};
  site->theme = R"({"accent":"#0b5fff"})";
  World world(site);
  Tab tab(world, "t1", "s1"), other(world, "t2", "s2");
  const std::string welcome = tab.hello("/", R"(,"language":"fr-BE")");
  CHECK(field(welcome, "texts.close") == "Fermer");
  CHECK(field(welcome, "theme.accent") == "#0b5fff");
  CHECK(field(other.hello("/", R"(,"language":"ja")"), "texts.close") == "Close");
}

TEST_CASE("the panel shows facts, conditions and what is about to fire, at most four times a second") {
  auto site = site_settings(R"({"rules": [{"id": "stay", "about": "Somebody stays",
      "when": {"all": [{"page.dwell": {"gte": "45s"}}, {"page.path": "/a"}]}, "then": {"invite": {"text": "Hi"}}}]})");
  site->demo = core::DemoPanel::kOn;
  World world(site);
  Tab tab(world, "t1", "s1");
  CHECK(field(tab.hello("/a"), "demo") == "true");
  tab.send(R"("type":"panel","on":true)");
  world.pass(0ms);
  const std::string panel = tab.next("panel");
  CHECK(field(panel, "visitor") == tab.visitor);
  CHECK(field(panel, "facts.0.name") == "page.path");
  CHECK(field(panel, "rules.0.id") == "stay");
  CHECK(field(panel, "rules.0.about") == "Somebody stays");
  CHECK(field(panel, "rules.0.state") == "45 s to go");
  CHECK(field(panel, "rules.0.would_fire") == "45000");
  CHECK(field(panel, "rules.0.verdict") == "fire");
  CHECK(field(panel, "rules.0.when.truth") == "false");
  CHECK(field(panel, "rules.0.when.children.1.truth") == "true");

  for (int i = 0; i < 100; ++i) {
    tab.events(R"({"type":"scroll","percent":)" + std::to_string(i) + "}");
    world.pass(10ms);
  }
  std::size_t frames = 0;
  while (tab.next("panel") != "") ++frames;
  CHECK(frames >= 3);
  CHECK(frames <= 5);

  world.pass(45s);
  std::string last;
  for (std::string next = tab.next("panel"); next != ""; next = tab.next("panel")) last = next;
  CHECK(field(last, "rules.0.state") == "on screen");
  tab.send(R"("type":"panel","on":false)");
  world.pass(5s);
  CHECK(tab.next("panel") == "");
}

TEST_CASE("a panel is not for sites that are no demo") {
  World world;
  Tab tab(world, "t1", "s1");
  CHECK(field(tab.hello("/"), "demo") == "absent");
  tab.send(R"("type":"panel","on":true)");
  CHECK(field(tab.next(), "code") == "not_allowed");
}

TEST_CASE("starting over makes a new visitor on the page that is shown") {
  auto site = site_settings(R"({"rules": [{"id": "cart", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}}]})");
  site->demo = core::DemoPanel::kOn;
  World world(site);
  Tab tab(world, "t1", "s1");
  tab.hello("/a");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(tab.next("offer") != "");
  const std::string old = tab.visitor;
  tab.send(R"("type":"panel","start_over":true)");
  const std::string welcome = tab.next("welcome");
  CHECK(field(welcome, "visitor") != old);
  CHECK(field(welcome, "offers") == "[]");
  CHECK(field(welcome, "resumed") == "false");
  CHECK(field(welcome, "last") == "3");
  tab.events(R"({"type":"cart","value":90})");
  CHECK(field(tab.next("offer"), "rule") == "cart");
  CHECK(world.results()[0].eligible == 2);
  CHECK(world.results()[0].ignored == 1);
}
