#include "rules/property/generate.hpp"

namespace beckon::property {
namespace {

Node one(std::string_view name, Node value) { return Node::object().set(name, std::move(value)); }

std::vector<std::string> segment_names(const Node& file) {
  std::vector<std::string> names;
  if (const Node* segments = file.find("segments")) {
    for (const Node& segment : segments->children) names.push_back(segment.name);
  }
  return names;
}

Node actions(Random& random) {
  Node then = Node::object();
  switch (random.weighted({50, 8, 8, 20, 14})) {
    case 0: then.set("invite", one("text", Node::of("Need a hand?"))); break;
    case 1: then.set("call", one("text", Node::of("Call us")).set("phone", Node::of("+33123456789"))); break;
    case 2: then.set("survey", one("type", Node::of("nps")).set("text", Node::of("Well?"))); break;
    case 3: then.set("tag", Node::of(random.pick({"p", "q"}))); break;
    default: then.set("emit", Node::of("seen")); break;
  }
  if (random.percent(12) && !then.find("tag")) then.set("tag", Node::of(random.pick({"p", "q"})));
  return then;
}

Node limit(Random& random) {
  if (random.percent(20)) return Node::of("none");
  Node limit = Node::object();
  for (const char* count : {"per_page", "per_visit", "per_visitor"}) {
    if (random.percent(30)) limit.set(count, Node::of(random.between(1, 3)));
  }
  for (const char* time : {"every", "after_dismiss", "after_accept"}) {
    if (random.percent(30)) limit.set(time, Node::of(random_duration(random)));
  }
  if (limit.children.empty()) limit.set("per_page", Node::of(1));
  return limit;
}

Node needs(Random& random) {
  Node needs = Node::object();
  if (random.percent(60)) needs.set("operator", Node::of(random.percent(85)));
  if (random.percent(25)) needs.set("skill", Node::of(random.pick({"sales", "help"})));
  if (random.percent(35) || needs.children.empty()) needs.set("consent", Node::of(random.percent(85)));
  return needs;
}

Node until(Random& random) {
  if (random.percent(60)) return Node::of(random_duration(random));
  return Node::of(random.pick({"page", "visit"}));
}

// A key of a rule that also defaults may have.
void set_option(Random& random, Node& rule) {
  switch (random.weighted({30, 15, 15, 12, 8, 4, 10})) {
    case 0: rule.set("limit", limit(random)); break;
    case 1: rule.set("needs", needs(random)); break;
    case 2: rule.set("until", until(random)); break;
    case 3: rule.set("holdout", Node::digits(random.pick({"0", "0.5", "1"}))); break;
    case 4: rule.set("mode", Node::of(random.pick({"live", "shadow", "off"}))); break;
    case 5: rule.set("ignore_pressure", Node::of(true)); break;
    default: rule.set("priority", Node::of(random.between(-1, 2))); break;
  }
}

Node rule(Random& random, const std::string& id, const std::vector<std::string>& segments) {
  Node rule = one("id", Node::of(id)).set("when", random_condition(random, random.pick({0, 1, 1, 2, 3}), segments));
  if (random.percent(12)) {
    Node variants = Node::array();
    for (std::int64_t n = random.between(2, 3); n > 0; --n) {
      Node variant = one("then", actions(random));
      if (random.percent(50)) variant.set("weight", Node::digits(random.pick({"1", "2", "0.5"})));
      variants.children.push_back(std::move(variant));
    }
    rule.set("variants", std::move(variants));
  } else {
    rule.set("then", actions(random));
  }
  for (std::int64_t n = random.between(0, 3); n > 0; --n) set_option(random, rule);
  return rule;
}

Node pressure(Random& random) {
  Node pressure = Node::object();
  if (random.percent(80)) pressure.set("half_life", Node::of(random_duration(random)));
  for (const char* addition : {"shown", "ignored", "dismissed", "accepted"}) {
    if (random.percent(35)) pressure.set(addition, Node::digits(random.pick({"0", "1", "2", "-1", "-2"})));
  }
  if (random.percent(50)) pressure.set("over", Node::digits(random.pick({"1", "1.5", "2", "3"})));
  return pressure;
}

std::string free_id(const Node& rules) {
  for (int n = 0;; ++n) {
    std::string id = "r" + std::to_string(n);
    bool taken = false;
    for (const Node& other : rules.children) taken = taken || other.find("id")->text == id;
    if (!taken) return id;
  }
}

void edit(Random& random, Node& file) {
  Node& rules = *file.find("rules");
  Node& some = rules.children[random.below(rules.children.size())];
  switch (random.weighted({15, 15, 25, 15, 10, 5, 5})) {
    case 0:
      if (rules.children.size() > 1) rules.children.erase(rules.children.begin() + (&some - rules.children.data()));
      break;
    case 1: some.set("when", random_condition(random, 3, segment_names(file))); break;
    case 2: set_option(random, some); break;
    case 3: rules.children.push_back(rule(random, free_id(rules), segment_names(file))); break;
    case 4: std::swap(some, rules.children[random.below(rules.children.size())]); break;
    case 5: file.set("pressure", pressure(random)); break;
    default: file.set("limit", limit(random)); break;
  }
  if (const Node* all = file.find("limit"); all && all->type != json::Type::kObject) file.remove("limit");
}

}  // namespace

Node random_rule_file(Random& random) {
  Node file = Node::object();
  if (random.percent(40)) {
    Node segments = Node::object();
    segments.set("s0", random_condition(random, 1, {}));
    if (random.percent(50)) segments.set("s1", random_condition(random, 2, {"s0"}));
    file.set("segments", std::move(segments));
  }
  if (random.percent(20)) {
    Node defaults = Node::object();
    set_option(random, defaults);
    set_option(random, defaults);
    file.set("defaults", std::move(defaults));
  }
  if (random.percent(25)) file.set("limit", limit(random));
  if (const Node* all = file.find("limit"); all && all->type != json::Type::kObject) file.remove("limit");
  if (random.percent(5)) file.set("holdout", Node::digits(random.pick({"0.2", "0.5"})));
  if (random.percent(10)) file.set("salt", Node::of("salt"));
  if (random.percent(50)) file.set("pressure", pressure(random));
  Node rules = Node::array();
  for (std::int64_t n = random.percent(40) ? random.between(1, 3) : random.between(3, 12); n > 0; --n) {
    rules.children.push_back(rule(random, free_id(rules), segment_names(file)));
  }
  file.set("rules", std::move(rules));
  return file;
}

Node edited(Random& random, const Node& file) {
  Node copy = file;
  for (std::int64_t n = random.between(0, 3); n > 0; --n) edit(random, copy);
  return copy;
}

}  // namespace beckon::property
