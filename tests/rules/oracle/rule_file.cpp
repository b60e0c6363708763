#include "rules/oracle/rule_file.hpp"

#include <algorithm>
#include <stdexcept>

namespace beckon::oracle {
namespace {

using json::Type;

const json::Value* not_null(const json::Value* value) { return value && !value->is(Type::kNull) ? value : nullptr; }

// A member of a rule: its own, else the defaults' one; `null` in the rule takes the default away.
const json::Value* member(const json::Value* rule, const json::Value* defaults, std::string_view key) {
  if (rule && rule->is(Type::kObject)) {
    if (const json::Value* own = rule->find(key)) return not_null(own);
  }
  if (!defaults || !defaults->is(Type::kObject)) return nullptr;
  return not_null(defaults->find(key));
}

std::optional<double> number(const json::Value* value) { return value ? value->number() : std::nullopt; }

std::optional<std::int64_t> duration(const json::Value* value) {
  if (!value) return std::nullopt;
  return milliseconds(value->string());
}

Limit parse_limit(const json::Value* own, const json::Value* defaults) {
  Limit limit;
  limit.per_page = number(member(own, defaults, "per_page"));
  limit.per_visit = number(member(own, defaults, "per_visit"));
  limit.per_visitor = number(member(own, defaults, "per_visitor"));
  limit.every = duration(member(own, defaults, "every"));
  limit.after_dismiss = duration(member(own, defaults, "after_dismiss"));
  limit.after_accept = duration(member(own, defaults, "after_accept"));
  return limit;
}

bool says_nothing(const Limit& limit) {
  return !limit.per_page && !limit.per_visit && !limit.per_visitor && !limit.every && !limit.after_dismiss &&
         !limit.after_accept;
}

Limit rule_limit(const json::Value& rule, const json::Value* defaults) {
  const json::Value* effective = member(&rule, defaults, "limit");
  Limit limit;
  if (effective && effective->is(Type::kString)) {
    limit.is_none = true;
    return limit;
  }
  if (effective) limit = parse_limit(rule.find("limit"), defaults ? defaults->find("limit") : nullptr);
  if (says_nothing(limit)) limit.per_visit = 1;
  return limit;
}

Needs rule_needs(const json::Value& rule, const json::Value* defaults) {
  Needs needs;
  if (!member(&rule, defaults, "needs")) return needs;
  const json::Value* own = rule.find("needs");
  const json::Value* more = defaults ? defaults->find("needs") : nullptr;
  if (const json::Value* value = member(own, more, "operator")) needs.operator_free = value->boolean();
  if (const json::Value* value = member(own, more, "skill")) needs.skill = value->string();
  if (const json::Value* value = member(own, more, "consent")) needs.consent = value->boolean();
  return needs;
}

Variant parse_actions(const json::Value& then) {
  Variant variant;
  variant.is_offer = then.find("invite") || then.find("call") || then.find("survey");
  if (const json::Value* tag = then.find("tag")) variant.tags.emplace_back(tag->string());
  return variant;
}

Rule parse_rule(const json::Value& value, const json::Value* defaults, const Segments& segments) {
  Rule rule;
  rule.id = value.find("id")->string();
  rule.when = parse_condition(*value.find("when"), segments);
  if (const json::Value* then = value.find("then")) rule.variants.push_back(parse_actions(*then));
  if (const json::Value* variants = value.find("variants")) {
    rule.has_variants = true;
    for (const json::Value* one = variants->first(); one; one = one->next()) {
      rule.variants.push_back(parse_actions(*one->find("then")));
      rule.variants.back().weight = number(one->find("weight")).value_or(1);
    }
  }
  rule.limit = rule_limit(value, defaults);
  rule.needs = rule_needs(value, defaults);
  const json::Value* until = member(&value, defaults, "until");
  rule.until = until ? until->string() : "page";
  rule.holdout = number(member(&value, defaults, "holdout")).value_or(0);
  rule.priority = number(member(&value, defaults, "priority")).value_or(0);
  const json::Value* ignore = member(&value, defaults, "ignore_pressure");
  rule.ignore_pressure = ignore && ignore->boolean();
  const json::Value* mode = member(&value, defaults, "mode");
  rule.mode = mode ? mode->string() : "live";
  return rule;
}

Pressure parse_pressure(const json::Value* value) {
  Pressure pressure;
  if (!value) return pressure;
  pressure.half_life = duration(value->find("half_life")).value_or(pressure.half_life);
  pressure.shown = number(value->find("shown")).value_or(pressure.shown);
  pressure.ignored = number(value->find("ignored")).value_or(pressure.ignored);
  pressure.dismissed = number(value->find("dismissed")).value_or(pressure.dismissed);
  pressure.accepted = number(value->find("accepted")).value_or(pressure.accepted);
  pressure.under = number(value->find("under")).value_or(pressure.under);
  pressure.over = number(value->find("over")).value_or(pressure.over);
  return pressure;
}

constexpr std::string_view kQuery = "page.query.";

void gather_fact(RuleFile& file, const std::string& fact, const Test& test) {
  if (fact.starts_with(kQuery)) file.query_names.insert(fact.substr(kQuery.size()));
  for (const Operator& op : test) {
    for (const Value& operand : op.operands) {
      const double* threshold = std::get_if<double>(&operand);
      if (!threshold) continue;
      if (is_duration(fact)) file.fact_thresholds.insert(static_cast<std::int64_t>(*threshold));
      if (fact == "visitor.pressure") file.pressure_thresholds.insert(*threshold);
    }
  }
}

void gather(RuleFile& file, const Rule& rule) {
  each_inside_out(rule.when, [&](const Condition& condition) {
    for (const auto& [fact, test] : condition.facts) gather_fact(file, fact, test);
    if (condition.kind == Condition::Kind::kHeld) file.held.push_back(condition);
    if (condition.within.kind == Span::Kind::kDuration) file.windows.insert(condition.within.ms);
    for (const Step& step : condition.steps) {
      if (step.is_page) file.remembers_pages = true;
      if (!step.is_page) file.remembered.insert(step.name);
    }
  });
}

void gather_query_names(RuleFile& file, const Condition& condition) {
  each_inside_out(condition, [&](const Condition& inner) {
    for (const auto& [fact, test] : inner.facts) {
      if (fact.starts_with(kQuery)) file.query_names.insert(fact.substr(kQuery.size()));
    }
  });
}

}  // namespace

bool Rule::is_offer() const {
  return std::any_of(variants.begin(), variants.end(), [](const Variant& variant) { return variant.is_offer; });
}

const Rule* RuleFile::find(std::string_view id) const {
  auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

RuleFile parse_rule_file(std::string_view text) {
  json::ParseResult parsed = json::parse(text, {.dialect = json::Dialect::kCommented});
  if (!parsed.document) throw std::runtime_error("rule file: " + parsed.error->message);
  const json::Value& root = parsed.document->root();

  RuleFile file;
  Segments segments;
  if (const json::Value* list = root.find("segments")) {
    for (const json::Value* one = list->first(); one; one = one->next()) segments.emplace(one->name(), one);
    for (const auto& [name, condition] : segments) gather_query_names(file, parse_condition(*condition, segments));
  }
  const json::Value* defaults = root.find("defaults");
  for (const json::Value* rule = root.find("rules")->first(); rule; rule = rule->next()) {
    file.rules.push_back(parse_rule(*rule, defaults, segments));
    gather(file, file.rules.back());
  }
  if (const json::Value* limit = root.find("limit"); limit && limit->is(Type::kObject))
    file.limit = parse_limit(limit, nullptr);
  file.holdout = number(root.find("holdout")).value_or(0);
  if (const json::Value* salt = root.find("salt")) file.salt = salt->string();
  file.pressure = parse_pressure(root.find("pressure"));
  file.pressure_thresholds.insert(file.pressure.under);
  file.pressure_thresholds.insert(file.pressure.over);
  return file;
}

}  // namespace beckon::oracle
