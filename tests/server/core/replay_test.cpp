// The property that everything rests on: replaying the journal that a shard wrote gives the decisions that it made.
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "beckon/json/reader.hpp"
#include "beckon/rules/replay.hpp"
#include "chat_world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

using Decisions = std::map<std::string, std::vector<std::string>>;  // visitor → "t tab rule verdict"

struct Collect final : rules::ReplayListener {
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& rules) override {
    made[std::string(visitor)].push_back(std::to_string(rules::to_ms(decision.t)) + " " + decision.tab + " " +
                                         rules.rules()[decision.rule].id + " " + std::string(name_of(decision.verdict)));
  }
  Decisions made;
};

Decisions replayed(const std::vector<std::string>& journal) {
  Collect collect;
  rules::ReplayOptions options;
  options.site = "shop";
  options.rules_from = rules::ReplayOptions::RulesFrom::kJournal;
  rules::Replay replay(compile_rules(R"({"rules": []})")->compiled, collect, options);
  for (const std::string& line : journal) {
    const auto error = replay.line(line);
    if (error) FAIL(line + ": " + error->message);
  }
  replay.finish();
  return collect.made;
}

Decisions recorded(World& world, const std::set<std::string>& visitors) {
  Decisions made;
  for (const std::string& visitor : visitors) {
    const std::string known = world.export_of(visitor);
    const json::ParseResult parsed = json::parse(known);
    if (!parsed.document) continue;
    for (const json::Value* each = parsed.document->root().find("decisions")->first(); each != nullptr; each = each->next()) {
      made[visitor].push_back(std::string(each->find("t")->digits()) + " " + std::string(each->find("tab")->string()) + " " +
                              std::string(each->find("rule")->string()) + " " + std::string(each->find("verdict")->string()));
    }
  }
  return made;
}

constexpr std::string_view kRules[] = {
    R"({"limit": {"per_visit": 3, "every": "20s"}, "rules": [
      {"id": "dwell", "when": {"page.dwell": {"gte": "15s"}}, "then": {"invite": {"text": "1"}}, "limit": {"per_visit": 2, "every": "1m"}},
      {"id": "cart", "when": {"cart.value": {"gte": 50}}, "then": {"invite": {"text": "2"}}, "holdout": 0.3, "until": "10s"},
      {"id": "clicks", "when": {"event": "click", "count": {"gte": 2}, "within": "30s"}, "then": {"tag": "eager"}},
      {"id": "eager", "when": {"visitor.tag.eager": true, "page.scroll": {"gte": 40}}, "then": {"call": {"text": "3", "callback": true}}, "needs": {"operator": true}},
      {"id": "idle", "when": {"page.idle": {"gte": "12s"}}, "then": {"emit": "bored"}, "limit": "none"},
      {"id": "again", "when": {"all": [{"chat.count": {"gte": 1}}, {"chat.since_last": {"gte": "7s"}}]}, "then": {"emit": "back"}, "limit": "none"},
      {"id": "dark", "when": {"visit.pages": {"gte": 3}}, "then": {"invite": {"text": "4"}}, "mode": "shadow"}]})",
    R"({"rules": [
      {"id": "dwell", "when": {"page.dwell": {"gte": "8s"}}, "then": {"invite": {"text": "1"}}, "limit": {"per_visit": 4}, "until": "visit"},
      {"id": "held", "when": {"held": {"cart.value": {"gte": 20}}, "for": "10s"}, "then": {"invite": {"text": "5"}}, "priority": 3},
      {"id": "steps", "when": {"sequence": [{"page": "/a"}, {"page": "/b"}], "within": "1m"}, "then": {"invite": {"text": "6"}}},
      {"id": "talks", "when": {"chat.active": true, "page.dwell": {"gte": "5s"}}, "then": {"tag": "talks"}, "limit": "none"},
      {"id": "clicks", "when": {"event": "click", "count": {"gte": 3}, "within": "visit"}, "then": {"invite": {"text": "7"}}}]})",
};

// Random browsing over some tabs, with reconnects, reloads, operators who come and go.
class Traffic {
 public:
  Traffic(ChatWorld& world, unsigned seed) : world_(world), random_(seed) {}

  void run(int steps) {
    if (tabs_.empty()) {
      for (int i = 0; i < 6; ++i) open(i);
    }
    for (int i = 0; i < steps; ++i) {
      world_.pass(base::Duration(pick(4'000) + 1));
      step();
    }
  }
  void leave_all() {
    for (const auto& tab : tabs_) tab->disconnect();
    world_.pass(1h);
  }
  [[nodiscard]] const std::set<std::string>& visitors() const { return visitors_; }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  void open(int i) {
    tabs_.push_back(std::make_unique<Tab>(world_, "t" + std::to_string(i), "session-" + std::to_string(i) + "-----------"));
    if (i % 2 == 1) tabs_.back()->token = tabs_[static_cast<std::size_t>(i) - 1]->token;  // two tabs a visitor
    said(*tabs_.back(), tabs_.back()->hello("/a"));
  }

  void said(const Tab& tab, const std::string&) {
    visitors_.insert(tab.visitor);
  }

  void step() {
    Tab& tab = *tabs_[static_cast<std::size_t>(pick(static_cast<int>(tabs_.size())))];
    if (tab.link == nullptr) return said(tab, tab.resume("/b"));
    switch (pick(17)) {
      case 0: tab.events(R"({"type":"page","url":"/a"})"); break;
      case 1: tab.events(R"({"type":"page","url":"/b"},{"type":"activity"})"); break;
      case 2: tab.events(R"({"type":"cart","value":)" + std::to_string(pick(100)) + "}"); break;
      case 3: tab.events(R"({"type":"event","name":"click"})"); break;
      case 4: tab.events(R"({"type":"scroll","percent":)" + std::to_string(pick(100)) + "}"); break;
      case 5: tab.events(R"({"type":"hidden"})"); break;
      case 6: tab.events(R"({"type":"visible"})"); break;
      case 7: tab.events(R"({"type":"order","value":30,"id":"o1"})"); break;
      case 8: tab.disconnect(); break;
      case 9: outcome(tab); break;
      case 10: operators(); break;
      case 11: if (pick(4) == 0) world_.put_rules(kRules[pick(2)]); break;
      case 12: tab.events(R"({"type":"leave"})"); break;
      case 13: talk(tab); break;
      case 14: answer(tab); break;
      case 15: tab.send(R"("type":"chat_close")"); break;
      default: tab.events(R"({"type":"activity"})"); break;
    }
  }

  void outcome(Tab& tab) {
    const std::string offer = tab.next("offer");
    if (offer.empty()) return;
    tab.send(R"("type":"offer","outcome":")" + std::string(pick(2) == 0 ? "accepted" : "dismissed") + R"(","offer":")" +
             field(offer, "offer") + "\"");
  }

  void operators() {
    rules::SiteState state;
    state.free_slots = static_cast<std::uint32_t>(pick(2));
    world_.shard().set_site_state(base::SiteId("shop"), state);
  }

  void talk(Tab& tab) {
    std::string frame = R"("type":"say","text":"Hello","key":"key-of-a-message-)";
    tab.send(frame + std::to_string(++keys_) + "\"");
  }

  void answer(const Tab& tab) {
    const auto row = world_.conversation(tab.visitor);
    const Hint hint = pick(2) == 0 ? Hint::kYes : Hint::kNo;
    if (!row || row->last_seq == 0 || row->state == store::ConversationState::kClosed) return;
    if (row->state == store::ConversationState::kWaiting) return world_.take(tab.visitor, hint);
    pick(3) == 0 ? world_.close(tab.visitor, hint) : world_.answer(tab.visitor, "Hi", hint);
  }

  ChatWorld& world_;
  int keys_ = 0;
  std::mt19937 random_;
  std::vector<std::unique_ptr<Tab>> tabs_;
  std::set<std::string> visitors_;
};

// The first difference, with what led to it; "" when there is none.
std::string difference(const Decisions& live, const Decisions& replay) {
  for (const auto& [visitor, made] : live) {
    const auto found = replay.find(visitor);
    if (found == replay.end()) return visitor + " is not in the replay";
    const auto [a, b] = std::mismatch(made.begin(), made.end(), found->second.begin(), found->second.end());
    if (a == made.end() && b == found->second.end()) continue;
    return visitor + ": live " + (a == made.end() ? "nothing" : *a) + ", replay " + (b == found->second.end() ? "nothing" : *b) +
           ", behind " + (a == made.begin() ? "nothing" : *(a - 1));
  }
  return replay.size() == live.size() ? "" : "the replay knows more visitors";
}

}  // namespace

TEST_CASE("replaying the journal gives the decisions that were made, verdict for verdict") {
  std::size_t decisions = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    ChatWorld world(kRules[seed % 2]);
    Traffic traffic(world, seed);
    traffic.run(150);
    traffic.leave_all();
    const Decisions live = recorded(world, traffic.visitors());
    INFO("seed " << seed);
    REQUIRE(difference(live, replayed(world.journal())) == "");
    for (const auto& [visitor, made] : live) decisions += made.size();
  }
  CHECK(decisions > 1'500);
}

TEST_CASE("replaying gives the decisions behind a restart too, and those of visitors who were forgotten and came back") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    ChatWorld world(kRules[seed % 2]);
    Traffic traffic(world, seed);
    traffic.run(60);
    if (seed % 3 == 0) traffic.leave_all();
    world.restart(1ms);  // lines of two runs never have the same instant
    world.pass(base::Duration(seed * 3'000));
    traffic.run(60);
    traffic.leave_all();
    CHECK(world.counters().visitors == 0);
    traffic.run(60);
    traffic.leave_all();
    INFO("seed " << seed);
    REQUIRE(difference(recorded(world, traffic.visitors()), replayed(world.journal())) == "");
  }
}
