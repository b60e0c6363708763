#include "rules/oracle/condition.hpp"

#include <set>

namespace beckon::oracle {
namespace {

Where parse_where(const json::Value* value) {
  Where where;
  if (!value) return where;
  for (const json::Value* test = value->first(); test; test = test->next()) {
    where.emplace_back(test->name(), parse_test(*test, Unit::kPlain));
  }
  return where;
}

Span parse_span(const json::Value* value) {
  if (!value || value->string() == "visit") return {};
  if (value->string() == "page") return {Span::Kind::kPage, 0};
  if (value->string() == "visitor") return {Span::Kind::kVisitor, 0};
  return {Span::Kind::kDuration, milliseconds(value->string())};
}

Step parse_step(const json::Value& value) {
  Step step;
  if (const json::Value* page = value.find("page")) {
    step.is_page = true;
    step.path = parse_test(*page, Unit::kPlain);
  } else {
    step.name = value.find("event")->string();
    step.where = parse_where(value.find("where"));
  }
  return step;
}

Condition parse_event(const json::Value& value) {
  Condition condition;
  condition.kind = Condition::Kind::kEvent;
  condition.steps.push_back(parse_step(value));
  condition.within = parse_span(value.find("within"));
  const json::Value* count = value.find("count");
  condition.count = count ? parse_test(*count, Unit::kPlain) : Test{{"gte", {1.0}, nullptr}};
  return condition;
}

Condition parse_sequence(const json::Value& value) {
  Condition condition;
  condition.kind = Condition::Kind::kSequence;
  const json::Value* steps = value.find("sequence");
  for (const json::Value* step = steps->first(); step; step = step->next())
    condition.steps.push_back(parse_step(*step));
  condition.within = parse_span(value.find("within"));
  return condition;
}

std::string describe(const Step& step) {
  std::string text = step.is_page ? "page " + describe(step.path) : "event " + step.name;
  for (const auto& [key, test] : step.where) text += " " + key + ":" + describe(test);
  return text;
}

// Equal for equal conditions.
std::string describe(const Condition& condition) {
  std::string text = std::to_string(static_cast<int>(condition.kind)) + "[";
  for (const Condition& child : condition.children) text += describe(child) + ";";
  for (const auto& [fact, test] : condition.facts) text += fact + ":" + describe(test) + ";";
  for (const Step& step : condition.steps) text += describe(step) + ";";
  text += describe(condition.count) + std::to_string(static_cast<int>(condition.within.kind)) + "/" +
          std::to_string(condition.within.ms) + "/" + std::to_string(condition.held_ms) + "]";
  return text;
}

}  // namespace

bool is_duration(std::string_view fact) {
  static const std::set<std::string_view> kDurations = {"page.dwell",
                                                        "page.visible",
                                                        "page.idle",
                                                        "visit.duration",
                                                        "cart.idle",
                                                        "chat.since_last",
                                                        "visitor.since_last_visit"};
  return kDurations.contains(fact);
}

Condition parse_condition(const json::Value& value, const Segments& segments) {
  if (const json::Value* name = value.find("segment"))
    return parse_condition(*segments.find(name->string())->second, segments);
  if (value.find("event")) return parse_event(value);
  if (value.find("sequence")) return parse_sequence(value);

  Condition condition;
  if (const json::Value* inner = value.find("held")) {
    condition.kind = Condition::Kind::kHeld;
    condition.children.push_back(parse_condition(*inner, segments));
    condition.held_ms = milliseconds(value.find("for")->string());
    condition.held_name = describe(condition);
    return condition;
  }
  constexpr std::pair<std::string_view, Condition::Kind> kLists[] = {
      {"all", Condition::Kind::kAll}, {"any", Condition::Kind::kAny}, {"none", Condition::Kind::kNone}};
  for (const auto& [key, kind] : kLists) {
    const json::Value* list = value.find(key);
    if (!list) continue;
    condition.kind = kind;
    for (const json::Value* c = list->first(); c; c = c->next())
      condition.children.push_back(parse_condition(*c, segments));
    return condition;
  }
  condition.kind = Condition::Kind::kFacts;
  for (const json::Value* test = value.first(); test; test = test->next()) {
    Unit unit = is_duration(test->name()) ? Unit::kDuration : Unit::kPlain;
    condition.facts.emplace_back(test->name(), parse_test(*test, unit));
  }
  return condition;
}

}  // namespace beckon::oracle
