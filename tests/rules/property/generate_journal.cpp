#include <algorithm>

#include "rules/property/generate.hpp"

namespace beckon::property {
namespace {

// Instants that are like to matter: a rule's threshold after something that happened, or a millisecond beside it.
class Clock {
 public:
  Clock(Random& random, std::int64_t start, std::int64_t visit_timeout)
      : random_(random), visit_timeout_(visit_timeout), now_(start), past_{start} {}

  std::int64_t next() {
    switch (random_.weighted({25, 45, 20, 6, 4})) {
      case 0: break;
      case 1: from_the_past(oracle::milliseconds(random_duration(random_))); break;
      case 2: now_ += random_.between(1, 3000); break;
      case 3: from_the_past(visit_timeout_); break;
      default: now_ += random_.between(0, 2 * visit_timeout_); break;
    }
    past_.push_back(now_);
    return now_;
  }

 private:
  void from_the_past(std::int64_t duration) {
    std::int64_t since = random_.percent(50) ? past_.back() : random_.pick(past_);
    std::int64_t beside = random_.pick({-1, 0, 0, 0, 1});
    now_ = std::max(now_, since + duration + beside);
  }

  Random& random_;
  std::int64_t visit_timeout_;
  std::int64_t now_;
  std::vector<std::int64_t> past_;
};

Node data(Random& random) {
  Node data = Node::object();
  if (random.percent(70)) data.set("n", random.percent(85) ? Node::of(random.between(0, 3)) : Node::of("u"));
  if (random.percent(60)) data.set("s", random.percent(85)   ? Node::of(random.pick({"u", "v"}))
                                      : random.percent(50) ? Node::of(true)
                                                           : Node::null());
  return data;
}

void page(Random& random, Node& line) {
  line.set("url", Node::of(random.pick({"/", "/a", "/a/", "/a/b", "/c", "/c?q=1", "/a?q=2&utm_source=x",
                                        "https://shop.example/a/b?utm_source=", "https://shop.example/?z=3#top"})));
  if (random.percent(15)) line.set("title", Node::of(random.pick({"A", "caf\xC3\xA9", ""})));
  if (random.percent(15)) line.set("referrer", Node::of(random.pick({"https://x.example/", ""})));
  if (random.percent(12)) line.set("hidden", Node::of(random.percent(70)));
  if (random.percent(15)) line.set("country", Node::of(random.pick({"FR", "DE"})));
  if (random.percent(10)) line.set("device", Node::of(random.pick({"mobile", "desktop"})));
}

void cart(Random& random, Node& line) {
  if (random.percent(85)) line.set("value", Node::of(random.pick({0, 10, 20, 30})));
  if (random.percent(70)) line.set("items", Node::of(random.between(0, 3)));
  if (random.percent(40)) line.set("currency", Node::of(random.pick({"EUR", "USD"})));
}

void order(Random& random, Node& line) {
  if (random.percent(80)) line.set("value", Node::of(random.pick({10, 20})));
  if (random.percent(30)) line.set("margin", Node::of(random.pick({0, 5})));
  if (random.percent(50)) line.set("id", Node::of(random.pick({"o1", "o2"})));
}

Node attribute_value(Random& random) {
  switch (random.below(4)) {
    case 0: return Node::of(random.between(0, 2));
    case 1: return Node::of(random.pick({"u", "v", "w"}));
    case 2: return Node::of(random.percent(50));
    default: return Node::null();
  }
}

void event_of_visitor(Random& random, Node& line, const Node& file) {
  auto type = [&](const char* name) -> Node& { return line.set("type", Node::of(name)); };
  switch (random.weighted({26, 20, 8, 5, 7, 3, 5, 3, 4, 3, 5, 3, 1, 2, 2, 12, 5})) {
    case 0: page(random, type("page")); break;
    case 1:
      type("event").set("name", Node::of(random_name(random)));
      if (random.percent(50)) line.set("data", data(random));
      break;
    case 2:
      type("tag").set("name", Node::of(random.pick({"p", "q"}))).set("value", Node::of(random.percent(60)));
      break;
    case 3: type("attr").set("name", Node::of(random.pick({"k", "m"}))).set("value", attribute_value(random)); break;
    case 4: type("activity"); break;
    case 5: type("hidden"); break;
    case 6: type("visible"); break;
    case 7: type("leave"); break;
    case 8: type("scroll").set("percent", Node::of(random.pick({10, 30, 50, 100}))); break;
    case 9: type("exit_intent"); break;
    case 10: cart(random, type("cart")); break;
    case 11: order(random, type("order")); break;
    case 12: order(random, type("refund")); break;
    case 13: type("consent").set("value", Node::of(random.percent(60))); break;
    case 14: type("identified").set("value", Node::of(random.percent(70))); break;
    case 15: {
      const Node& rule = random.pick(file.find("rules")->children);
      type("outcome")
          .set("rule", Node::of(rule.find("id")->text))
          .set("outcome", Node::of(random.pick({"accepted", "dismissed", "dismissed"})));
      break;
    }
    default: type("chat").set("state", Node::of(random.pick({"started", "ended", "ended"}))); break;
  }
}

void known_before(Random& random, Node& line, std::int64_t t, const Node& file) {
  line.set("type", Node::of("visitor"));
  line.set("visits", Node::of(random.between(0, 3)))
      .set("last_event", Node::of(t - random.between(1'800'000, 4'000'000)));
  if (random.percent(50)) line.set("orders", Node::of(random.between(0, 2))).set("value", Node::of(10));
  if (random.percent(50)) line.set("tags", Node::array({Node::of("p")}));
  if (random.percent(30)) line.set("attributes", Node::object().set("k", Node::of("u")));
  auto before = [&] { return Node::of(t - oracle::milliseconds(random_duration(random))); };
  if (random.percent(30))
    line.set("pressure", Node::object().set("value", Node::of(random.between(0, 3))).set("at", before()));
  if (random.percent(30)) line.set("cart", Node::object().set("value", Node::of(20)).set("at", before()));
  if (random.percent(30))
    line.set(
        "chat",
        Node::object().set("active", Node::of(random.percent(30))).set("count", Node::of(1)).set("ended", before()));
  if (random.percent(20)) line.set("consent", Node::of(random.percent(50)));
  if (random.percent(50)) {
    Node record =
        Node::object().set("count", Node::of(random.between(0, 2))).set("last", before()).set("dismissed", before());
    line.set("rules", Node::object().set(random.pick(file.find("rules")->children).find("id")->text, record));
  }
  if (random.percent(30))
    line.set("all", Node::object().set("count", Node::of(random.between(0, 2))).set("last", before()));
}

void operators(Random& random, Node& line) {
  line.set("type", Node::of("operators")).set("online", Node::of(random.between(0, 2)));
  line.set("free_slots", Node::of(random.between(0, 2))).set("queue", Node::of(random.between(0, 2)));
  if (!random.percent(30)) return;
  Node skills = Node::object();
  if (random.percent(70)) skills.set("sales", Node::of(random.between(0, 1)));
  if (random.percent(70)) skills.set("help", Node::of(random.between(0, 1)));
  line.set("skills", std::move(skills));
}

}  // namespace

std::vector<Node> random_journal(Random& random, const Scenario& scenario) {
  constexpr std::int64_t kMidnight = 1'700'006'400'000;  // of a Wednesday
  // Near the turn of an hour, or of a day.
  std::int64_t start = kMidnight + random.pick({0, 3'600'000, 82'800'000});
  start -= random.between(0, 20'000);
  Clock clock(random, start, scenario.visit_timeout_ms);
  std::int64_t visitors = random.percent(70) ? 1 : random.between(2, 4);
  std::int64_t tabs = random.percent(50) ? 1 : random.between(2, 3);
  Node file = scenario.rules;

  std::vector<Node> lines;
  for (std::int64_t visitor = 1; visitor <= visitors && random.percent(85); ++visitor) {
    Node line = Node::object().set("t", Node::of(start)).set("visitor", Node::of("v" + std::to_string(visitor)));
    page(random, line.set("type", Node::of("page")));
    lines.push_back(std::move(line));
  }
  for (std::int64_t n = random.percent(50) ? random.between(3, 15) : random.between(15, 60); n > 0; --n) {
    std::int64_t t = clock.next();
    if (random.percent(2)) t -= random.between(1, 2000);
    Node line = Node::object().set("t", Node::of(t));
    switch (random.weighted({900, 40, 10, 25, 12, 4})) {
      case 0:
        line.set("visitor", Node::of("v" + std::to_string(random.between(1, visitors))));
        if (std::int64_t tab = random.between(0, tabs - 1); tab > 0) line.set("tab", Node::of(std::to_string(tab)));
        event_of_visitor(random, line, file);
        break;
      case 1: operators(random, line); break;
      case 2: line.set("type", Node::of("hours")).set("open", Node::of(random.percent(50))); break;
      case 3:
        file = edited(random, file);
        line.set("type", Node::of("rules")).set("file", file);
        break;
      case 4:
        line.set("visitor", Node::of("v" + std::to_string(random.between(1, visitors))));
        known_before(random, line, t, file);
        break;
      default: line.set("type", Node::of("gap")); break;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Scenario generate(std::uint64_t seed) {
  Random random(seed);
  Scenario scenario;
  scenario.visit_timeout_ms = random.pick({1'800'000, 1'800'000, 10'000, 5'000});
  scenario.consent = random.percent(85);
  scenario.rules = random_rule_file(random);
  scenario.lines = random_journal(random, scenario);
  return scenario;
}

}  // namespace beckon::property
