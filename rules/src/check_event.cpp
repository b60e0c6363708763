#include "check_event.hpp"

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/suggest.hpp"
#include "check_test.hpp"
#include "check_values.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

using json::Type;

void read_where(Report& report, const json::Value& object, EventPattern& pattern) {
  if (!expect(report, object, Type::kObject)) return;
  if (object.size() > kMaxEventData) {
    report.error("too-many", range_of(object),
                 "an event carries at most " + std::to_string(kMaxEventData) + " values, this asks for " +
                     std::to_string(object.size()));
    return;
  }
  for (const json::Value* member = object.first(); member; member = member->next()) {
    if (!check_name(report, report.key_range(*member), member->name(), "a value of an event")) continue;
    WhereTest& where = pattern.where.emplace_back();
    where.key = member->name();
    const std::string name = quoted(member->name()) + " of an event";
    read_test(report, *member, {name, FactType::kScalar}, where.test);
  }
}

void read_event_name(Report& report, const json::Value& value, EventPattern& pattern) {
  if (const auto name = read_name(report, value, "an event")) pattern.name = *name;
}

Subject count_subject() { return {"a count", FactType::kNumber, {}, Subject::Existence::kAlwaysThere}; }

Subject path_subject() { return {"the path of a page", FactType::kString, {}, Subject::Existence::kAlwaysThere}; }

constexpr Key<EventPattern> kEventStepKeys[] = {
    {"event", read_event_name},
    {"where", read_where},
};

constexpr Key<Condition> kEventKeys[] = {
    {"event", [](Report& r, const json::Value& v, Condition& c) { read_event_name(r, v, c.steps[0]); }},
    {"where", [](Report& r, const json::Value& v, Condition& c) { read_where(r, v, c.steps[0]); }},
    {"count", [](Report& r, const json::Value& v, Condition& c) { read_test(r, v, count_subject(), c.test); }},
    {"within", [](Report& r, const json::Value& v, Condition& c) { read_span(r, v, c.span); }},
};

void read_page_step(Report& report, const json::Value& object, EventPattern& step) {
  step.kind = EventPattern::Kind::kPage;
  constexpr Key<EventPattern> kKeys[] = {
      {"page", [](Report& r, const json::Value& v, EventPattern& s) { read_test(r, v, path_subject(), s.path); }}};
  read_object(report, object, "a page step", kKeys, step);
}

constexpr const char* kStepForms = "a step is {\"page\": \"/path\"} or {\"event\": \"name\"}";

// Neither a page nor an event: the key that was meant to be one of them is told, where there is any.
void read_unknown_step(Report& report, const json::Value& object) {
  constexpr std::string_view kKinds[] = {"page", "event"};
  for (const json::Value* member = object.first(); member; member = member->next()) {
    // A step has no facts: its page is told by the path.
    const bool fact = member->name().starts_with("page.");
    const std::string_view meant = fact ? kKinds[0] : nearest(member->name(), kKinds);
    if (meant.empty()) continue;
    report.error("unknown-key", report.key_range(*member), "a step has no key " + quoted(member->name()),
                 did_you_mean(meant));
    return;
  }
  report.error("missing-key", opening_of(object), "a step needs \"page\" or \"event\"", kStepForms);
}

void read_step(Report& report, const json::Value& object, EventPattern& step) {
  step.source = range_of(object);
  if (!object.is(Type::kObject)) {
    expected(report, object, "a step", kStepForms);
  } else if (object.find("page") && object.find("event")) {
    report.error("mixed-condition", range_of(object), "a step is a page or an event, not both", "make two steps of it");
  } else if (object.find("page")) {
    read_page_step(report, object, step);
  } else if (object.find("event")) {
    read_object(report, object, "an event step", kEventStepKeys, step);
  } else {
    read_unknown_step(report, object);
  }
}

void read_steps(Report& report, const json::Value& list, Condition& out) {
  if (!expect(report, list, Type::kArray)) return;
  if (list.size() == 0) {
    report.error("empty", range_of(list), "a sequence needs at least one step");
  } else if (list.size() > kMaxSequenceSteps) {
    report.error("too-many", range_of(list),
                 "a sequence has at most " + std::to_string(kMaxSequenceSteps) + " steps, this one has " +
                     std::to_string(list.size()));
  } else {
    for (const json::Value* step = list.first(); step; step = step->next()) {
      read_step(report, *step, out.steps.emplace_back());
    }
  }
}

}  // namespace

void read_span(Report& report, const json::Value& value, Span& span) {
  constexpr std::pair<std::string_view, SpanKind> kNames[] = {
      {"page", SpanKind::kPage}, {"visit", SpanKind::kVisit}, {"visitor", SpanKind::kVisitor}};
  if (value.is(Type::kString)) {
    for (const auto& [name, kind] : kNames) {
      if (value.string() == name) {
        span = {kind, Duration(0)};
        return;
      }
    }
    if (value.string().find_first_of("0123456789") == std::string_view::npos) {
      constexpr std::string_view kChoices[] = {"page", "visit", "visitor"};
      report.error("bad-value", range_of(value), "\"within\" cannot be " + quoted(value.string()),
                   "it is " + list_of(kChoices) + ", or a duration like \"10m\"");
      return;
    }
  }
  if (const auto duration = read_duration(report, value, "within")) span = {SpanKind::kDuration, *duration};
}

void read_event(Report& report, const json::Value& object, Condition& out) {
  out.kind = Condition::Kind::kEvent;
  out.steps.resize(1);
  out.steps[0].source = range_of(object);
  read_object(report, object, "an \"event\" condition", kEventKeys, out);
  if (!object.find("count")) out.test = {{{Operator::kGte, {Scalar(1.0)}, range_of(object)}}, range_of(object)};
}

void read_sequence(Report& report, const json::Value& object, Condition& out) {
  out.kind = Condition::Kind::kSequence;
  constexpr Key<Condition> kKeys[] = {
      {"sequence", read_steps},
      {"within", [](Report& r, const json::Value& v, Condition& c) { read_span(r, v, c.span); }},
  };
  read_object(report, object, "a \"sequence\"", kKeys, out);
}

}  // namespace beckon::rules
