#include <utility>

#include "rules/property/generate.hpp"

namespace beckon::property {
namespace {

Node one(std::string_view name, Node value) { return Node::object().set(name, std::move(value)); }

// One of the operators with one of the numbers. Picked in this order everywhere: arguments are evaluated in any.
Node compared(Random& random, std::initializer_list<const char*> operators,
              std::initializer_list<const char*> numbers) {
  const char* name = random.pick(operators);
  return one(name, Node::digits(random.pick(numbers)));
}

Node pair_of(Node low, Node high) { return Node::array({std::move(low), std::move(high)}); }

Node count_test(Random& random) {
  std::int64_t n = random.between(0, 3);
  switch (random.weighted({40, 10, 10, 10, 5, 5, 5, 5})) {
    case 0: return one("gte", Node::of(n));
    case 1: return Node::of(n);
    case 2: return one("lt", Node::of(n + 1));
    case 3: return one("between", pair_of(Node::of(n), Node::of(n + random.between(0, 2))));
    case 4: return one("ne", Node::of(n));
    case 5: return Node::array({Node::of(n), Node::of(n + 2)});
    case 6: return one("not_in", Node::array({Node::of(n), Node::of(n + 1)}));
    default: return one("gt", Node::of(n)).set("lte", Node::of(n + 2));
  }
}

Node duration_test(Random& random) {
  std::string duration = random_duration(random);
  switch (random.weighted({50, 12, 12, 8, 8, 5})) {
    case 0: return one("gte", Node::of(duration));
    case 1: return one("gt", Node::of(duration));
    case 2: return one("lt", Node::of(duration));
    case 3: return one("lte", Node::of(duration));
    case 4: return Node::of(duration);
    default: return one("gte", Node::of("1s")).set("lt", Node::of(random.pick({"2s", "3s", "5s"})));
  }
}

Node path_test(Random& random) {
  switch (random.weighted({30, 10, 10, 10, 8, 8, 8, 8})) {
    case 0: return Node::of(random.pick({"/", "/a", "/a/b", "/c"}));
    case 1: return Node::array({Node::of("/a"), Node::of("/c")});
    case 2: return one("glob", Node::of(random.pick({"/a/**", "/*", "/**", "/?", "/*/b"})));
    case 3: return one("prefix", Node::of(random.pick({"/a", "/"})));
    case 4: return one("suffix", Node::of("b"));
    case 5: return one("contains", Node::of("a/"));
    case 6: return one("regex", Node::of(random.pick({"^/a", "b$", "[ac]"})));
    default: return one("ne", Node::of(random.pick({"/a", "/c"})));
  }
}

Node attribute_test(Random& random) {
  switch (random.below(6)) {
    case 0: return Node::of(random.between(0, 2));
    case 1: return Node::of(random.pick({"u", "v"}));
    case 2: return one("exists", Node::of(random.percent(50)));
    case 3: return one("ne", random.percent(50) ? Node::of("u") : Node::of(1));
    case 4: return one("gte", Node::of(1));
    default: return one("not_in", Node::array({Node::of("u"), Node::of("w")}));
  }
}

Node text_test(Random& random, std::initializer_list<const char*> texts) {
  const char* text = random.pick(texts);
  switch (random.below(5)) {
    case 0: return one("exists", Node::of(random.percent(50)));
    case 1: return one("ne", Node::of(text));
    case 2: return one("gte", Node::of(text));
    default: return Node::of(text);
  }
}

void add_page_fact(Random& random, Node& facts) {
  switch (random.weighted({30, 18, 10, 10, 6, 8, 4, 4, 4})) {
    case 0: facts.set("page.path", path_test(random)); break;
    case 1: facts.set("page.dwell", duration_test(random)); break;
    case 2: facts.set("page.visible", duration_test(random)); break;
    case 3: facts.set("page.idle", duration_test(random)); break;
    case 4: facts.set("page.scroll", compared(random, {"gte", "lt"}, {"30", "50", "100"})); break;
    case 5: facts.set("page.exit_intent", Node::of(random.percent(70))); break;
    case 6: facts.set("page.query.q", text_test(random, {"1", "2"})); break;
    case 7: facts.set("page.title", text_test(random, {"A", "caf\xC3\xA9"})); break;
    default: facts.set("page.referrer", text_test(random, {"https://x.example/"})); break;
  }
}

void add_visitor_fact(Random& random, Node& facts) {
  switch (random.weighted({22, 12, 8, 6, 6, 6, 5, 5, 5, 5, 5})) {
    case 0: {
      const char* tag = random.pick({"visitor.tag.p", "visitor.tag.q"});
      facts.set(tag, Node::of(random.percent(70)));
      break;
    }
    case 1: {
      const char* attribute = random.pick({"visitor.attr.k", "visitor.attr.m"});
      facts.set(attribute, attribute_test(random));
      break;
    }
    case 2: facts.set("visitor.pressure_state", Node::of(random.pick({"under", "balanced", "over"}))); break;
    case 3:
      facts.set("visitor.pressure", compared(random, {"gte", "lt", "gt", "lte"}, {"0.5", "1", "2", "0.25"}));
      break;
    case 4: facts.set("visitor.orders", count_test(random)); break;
    case 5: facts.set("visitor.lifetime_value", compared(random, {"gte", "lt"}, {"10", "20"})); break;
    case 6: facts.set("visitor.returning", Node::of(random.percent(50))); break;
    case 7: facts.set("visitor.identified", Node::of(random.percent(60))); break;
    case 8: facts.set("visitor.since_last_visit", duration_test(random)); break;
    case 9: facts.set("visitor.country", text_test(random, {"FR", "DE"})); break;
    default: facts.set("visitor.device", text_test(random, {"mobile", "desktop"})); break;
  }
}

void add_visit_fact(Random& random, Node& facts) {
  switch (random.below(6)) {
    case 0: facts.set("visit.pages", count_test(random)); break;
    case 1: facts.set("visit.number", one("gte", Node::of(random.between(1, 3)))); break;
    case 2: facts.set("visit.duration", duration_test(random)); break;
    case 3: facts.set("visit.entry", path_test(random)); break;
    case 4: facts.set("visit.utm.source", text_test(random, {"x", ""})); break;
    default: facts.set("visit.referrer", text_test(random, {"https://x.example/"})); break;
  }
}

void add_other_fact(Random& random, Node& facts) {
  switch (random.weighted({12, 8, 5, 8, 10, 6, 8, 5, 5, 5, 5, 5})) {
    case 0: facts.set("cart.value", compared(random, {"gte", "lt"}, {"10", "20"})); break;
    case 1: facts.set("cart.items", count_test(random)); break;
    case 2: facts.set("cart.currency", text_test(random, {"EUR", "USD"})); break;
    case 3: facts.set("cart.idle", duration_test(random)); break;
    case 4: facts.set("chat.active", Node::of(random.percent(50))); break;
    case 5: facts.set("chat.count", count_test(random)); break;
    case 6: facts.set("chat.since_last", duration_test(random)); break;
    case 7: facts.set("site.operators", compared(random, {"gte", "lt"}, {"1", "2"})); break;
    case 8: facts.set("site.free_slots", compared(random, {"gte", "lt"}, {"1", "2"})); break;
    case 9: facts.set("site.open", Node::of(random.percent(60))); break;
    case 10: facts.set("site.hour", compared(random, {"eq", "ne"}, {"0", "1", "23"})); break;
    default: facts.set("site.weekday", Node::of(random.pick({"wed", "thu"}))); break;
  }
}

Node facts(Random& random) {
  Node facts = Node::object();
  int count = random.percent(85) ? 1 : 2;
  for (int i = 0; i < count; ++i) {
    switch (random.weighted({45, 25, 12, 18})) {
      case 0: add_page_fact(random, facts); break;
      case 1: add_visitor_fact(random, facts); break;
      case 2: add_visit_fact(random, facts); break;
      default: add_other_fact(random, facts); break;
    }
  }
  return facts;
}

Node where(Random& random) {
  Node where = Node::object();
  if (random.percent(60)) where.set("n", random.percent(50) ? count_test(random) : attribute_test(random));
  if (random.percent(50) || where.children.empty()) where.set("s", attribute_test(random));
  return where;
}

void add_span(Random& random, Node& condition) {
  switch (random.weighted({25, 10, 15, 10, 40})) {
    case 0: break;
    case 1: condition.set("within", Node::of("visit")); break;
    case 2: condition.set("within", Node::of("page")); break;
    case 3: condition.set("within", Node::of("visitor")); break;
    default: condition.set("within", Node::of(random_duration(random))); break;
  }
}

Node event(Random& random) {
  Node condition = one("event", Node::of(random_name(random)));
  if (random.percent(30)) condition.set("where", where(random));
  if (random.percent(50)) condition.set("count", count_test(random));
  add_span(random, condition);
  return condition;
}

Node sequence(Random& random) {
  Node steps = Node::array();
  for (std::int64_t n = random.between(2, 3); n > 0; --n) {
    if (random.percent(50)) {
      steps.children.push_back(one("page", path_test(random)));
    } else {
      steps.children.push_back(one("event", Node::of(random_name(random))));
      if (random.percent(20)) steps.children.back().set("where", where(random));
    }
  }
  Node condition = one("sequence", std::move(steps));
  add_span(random, condition);
  return condition;
}

}  // namespace

std::string random_duration(Random& random) {
  if (random.percent(88)) return random.pick({"500ms", "1s", "2s", "3s", "5s", "10s"});
  return random.pick({"20m", "30m", "40m", "1h"});
}

std::string random_name(Random& random) { return random.pick({"x", "y", "z"}); }

Node random_condition(Random& random, int depth, const std::vector<std::string>& segments) {
  auto inner = [&] { return random_condition(random, depth - 1, segments); };
  std::size_t form =
      random.weighted({50, 13, 8, depth > 0 ? 9u : 0u, depth > 0 ? 24u : 0u, segments.empty() ? 0u : 8u});
  if (form == 0) return facts(random);
  if (form == 1) return event(random);
  if (form == 2) return sequence(random);
  if (form == 3) return one("held", inner()).set("for", Node::of(random_duration(random)));
  if (form == 5) return one("segment", Node::of(random.pick(segments)));
  Node list = Node::array();
  for (std::int64_t n = random.between(1, 3); n > 0; --n) list.children.push_back(inner());
  return one(random.pick({"all", "any", "any", "any", "none"}), std::move(list));
}

}  // namespace beckon::property
