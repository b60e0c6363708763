#include "check_condition.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "check_event.hpp"
#include "check_test.hpp"
#include "check_values.hpp"
#include "source_line.hpp"
#include "beckon/rules/suggest.hpp"

namespace beckon::rules {
namespace {

using json::Type;

constexpr std::string_view kHeads[] = {"all", "any", "none", "segment", "event", "sequence", "held"};
// Keys that go on with a head: `within` of an event, `for` of a held condition.
constexpr std::pair<std::string_view, std::string_view> kCompanions[] = {
    {"where", "\"event\""}, {"count", "\"event\""}, {"within", "\"event\" or \"sequence\""}, {"for", "\"held\""}};

bool is_head(std::string_view name) {
  return std::find(std::begin(kHeads), std::end(kHeads), name) != std::end(kHeads);
}

std::string_view owner_of(std::string_view companion) {
  for (const auto& [name, owner] : kCompanions) {
    if (name == companion) return owner;
  }
  return {};
}

// "page.query" and "visitor.tag." without the admin's part: the family, else nullptr.
const FactInfo* bare_family(std::string_view name) {
  for (const FactInfo& info : fact_registry()) {
    if (info.family && (name == info.name || name == info.name.substr(0, info.name.size() - 1))) return &info;
  }
  return nullptr;
}

void unknown_fact(Report& report, const json::Value& member) {
  const std::string_view name = member.name();
  const SourceRange where = report.key_range(member);
  if (const std::string_view owner = owner_of(name); !owner.empty()) {
    report.error("unknown-key", where, quoted(name) + " goes with " + std::string(owner));
    return;
  }
  if (const FactInfo* family = bare_family(name)) {
    report.error("unknown-fact", where, quoted(name) + " needs a name",
                 "write \"" + std::string(family->name) + "NAME\"");
    return;
  }
  std::string meant(synonym_of(name));
  if (!is_head(meant)) meant = suggest_fact(name);
  if (meant.empty()) meant = nearest(name, kHeads);
  report.error("unknown-fact", where, "unknown fact " + quoted(name), did_you_mean(meant));
}

void read_fact(Report& report, const json::Value& member, Condition& out) {
  out.kind = Condition::Kind::kFact;
  out.where = member_range(member);
  FactName found{};
  if (!find_fact(member.name(), found)) {
    unknown_fact(report, member);
    return;
  }
  const FactInfo& info = fact_info(found.id);
  if (info.family &&
      !check_name(report, report.key_range(member), found.member, "what follows " + std::string(info.name)))
    return;
  out.fact = found.id;
  out.member = found.member;
  read_test(report, member, {member.name(), info.type, info.values}, out.test);
}

void read_facts(Report& report, const json::Value& object, Condition& out) {
  if (object.size() == 1) {
    read_fact(report, *object.first(), out);
    return;
  }
  out.kind = Condition::Kind::kAll;
  for (const json::Value* member = object.first(); member; member = member->next()) {
    read_fact(report, *member, out.children.emplace_back());
  }
}

void read_group(Report& report, const json::Value& member, const SegmentNames& segments, Condition& out) {
  out.kind = member.name() == "all"   ? Condition::Kind::kAll
             : member.name() == "any" ? Condition::Kind::kAny
                                      : Condition::Kind::kNone;
  if (!member.is(Type::kArray)) {
    expected(report, member, "a list of conditions", member.is(Type::kObject) ? "write [ … ] around it" : "");
    return;
  }
  if (member.size() == 0) {
    report.error("empty", range_of(member), "\"" + std::string(member.name()) + "\" of nothing",
                 "put conditions into it or leave it out");
    return;
  }
  for (const json::Value* child = member.first(); child; child = child->next()) {
    read_condition(report, *child, segments, out.children.emplace_back());
  }
}

void read_segment(Report& report, const json::Value& member, const SegmentNames& segments, Condition& out) {
  if (!expect(report, member, Type::kString)) return;
  const auto found = segments.find(member.string());
  if (found != segments.end()) {
    out.kind = Condition::Kind::kSegment;
    out.segment = found->second;
    return;
  }
  std::vector<std::string_view> names;
  if (!report.is_full()) {
    for (const auto& [name, index] : segments) names.push_back(name);
    std::sort(names.begin(), names.end());
  }
  report.error("unknown-segment", range_of(member), "no segment is called " + quoted(member.string()),
               segments.empty() ? "the file has no \"segments\"" : did_you_mean(nearest(member.string(), names)));
}

void read_held(Report& report, const json::Value& object, const SegmentNames& segments, Condition& out) {
  out.kind = Condition::Kind::kHeld;
  for (const json::Value* member = object.first(); member; member = member->next()) {
    if (member->name() == "held") {
      read_condition(report, *member, segments, out.children.emplace_back());
    } else if (member->name() == "for") {
      out.duration = read_duration(report, *member, "for").value_or(Duration(0));
    } else {
      constexpr std::string_view kKnown[] = {"held", "for"};
      unknown_key(report, *member, "a \"held\" condition", kKnown);
    }
  }
  if (!object.find("for")) missing(report, object, "\"held\"", "for", "say how long: \"for\": \"5s\"");
}

// The member that says which form an object has; nullptr for facts. Says so when there are two, or facts beside it.
const json::Value* find_head(Report& report, const json::Value& object, bool& mixed) {
  const json::Value* head = nullptr;
  for (const json::Value* member = object.first(); member && !head; member = member->next()) {
    if (is_head(member->name())) head = member;
  }
  if (!head) return nullptr;
  for (const json::Value* member = object.first(); member; member = member->next()) {
    FactName fact{};
    if (member == head || !(is_head(member->name()) || find_fact(member->name(), fact))) continue;
    mixed = true;
    report.error("mixed-condition", report.key_range(*member),
                 quoted(member->name()) + " cannot stand beside \"" + std::string(head->name()) + "\"",
                 "put both into \"all\": [{…}, {…}]");
  }
  return head;
}

void read_form(Report& report, const json::Value& object, const json::Value& head, const SegmentNames& segments,
               Condition& out) {
  const std::string_view name = head.name();
  if (name == "event") return read_event(report, object, out);
  if (name == "sequence") return read_sequence(report, object, out);
  if (name == "held") return read_held(report, object, segments, out);
  for (const json::Value* member = object.first(); member; member = member->next()) {
    if (member == &head) continue;
    const std::string_view owner = owner_of(member->name());
    report.error("unknown-key", report.key_range(*member),
                 quoted(member->name()) + " cannot stand beside \"" + std::string(name) + "\"",
                 owner.empty() ? "" : "it goes with " + std::string(owner));
  }
  if (name == "segment") return read_segment(report, head, segments, out);
  read_group(report, head, segments, out);
}

}  // namespace

void read_condition(Report& report, const json::Value& value, const SegmentNames& segments, Condition& out) {
  out.where = range_of(value);
  if (!value.is(Type::kObject)) {
    expected(report, value, "a condition",
             value.is(Type::kArray)  ? "write {\"all\": [ … ]} around the list"
             : value.is(Type::kBool) ? "a condition that always holds is {\"visit.pages\": {\"gte\": 1}}"
                                     : "a condition is an object like {\"page.path\": \"/pricing\"}");
    return;
  }
  if (value.size() == 0) {
    report.error("empty", range_of(value), "an empty condition",
                 "a condition that always holds is {\"visit.pages\": {\"gte\": 1}}");
    return;
  }
  bool mixed = false;
  if (const json::Value* head = find_head(report, value, mixed)) {
    if (!mixed) read_form(report, value, *head, segments, out);
  } else {
    read_facts(report, value, out);
  }
}

}  // namespace beckon::rules
