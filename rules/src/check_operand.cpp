#include "check_operand.hpp"

#include <algorithm>
#include <vector>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "check_values.hpp"
#include "regex.hpp"
#include "source_line.hpp"
#include "beckon/rules/suggest.hpp"

namespace beckon::rules {
namespace {

bool is_ordering(Operator op) { return op >= Operator::kLt && op <= Operator::kBetween; }
bool is_pattern(Operator op) { return op >= Operator::kPrefix && op <= Operator::kRegex; }

void mismatch(Report& report, const json::Value& value, const Subject& subject, std::string hint = {}) {
  report.error("type-mismatch", range_of(value),
               std::string(subject.name) + " is " + std::string(holds(subject.type)) + ", and this is " +
                   std::string(json::name_of(value.type())),
               std::move(hint));
}

std::string hint_for(const json::Value& value, FactType type) {
  if (value.is(json::Type::kNull)) return "for a fact without a value write {\"exists\": false}";
  if (value.is(json::Type::kArray)) return "a list goes with \"in\", \"not_in\" or \"between\"";
  if (type == FactType::kString && value.is(json::Type::kNumber)) {
    return "write \"" + std::string(value.digits()) + "\"";
  }
  if (!value.is(json::Type::kString)) return {};
  const std::string_view text = value.string();
  if (type == FactType::kBool && (text == "true" || text == "false")) {
    return "write " + std::string(text) + " without quotes";
  }
  if (type == FactType::kNumber && !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos) {
    return "write " + std::string(text) + " without quotes";
  }
  return {};
}

std::vector<std::string_view> split(std::string_view values) {
  std::vector<std::string_view> out;
  while (!values.empty()) {
    const std::size_t bar = values.find('|');
    out.push_back(values.substr(0, bar));
    values.remove_prefix(bar == std::string_view::npos ? values.size() : bar + 1);
  }
  return out;
}

bool check_value_of_set(Report& report, const json::Value& value, const Subject& subject) {
  const std::vector<std::string_view> known = split(subject.values);
  if (std::find(known.begin(), known.end(), value.string()) != known.end()) return true;
  std::string_view meant = nearest(value.string(), known);
  // "Monday" for "mon".
  const std::string typed = [&] {
    std::string lowered(value.string());
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](unsigned char c) { return static_cast<char>(c | 0x20); });
    return lowered;
  }();
  for (const std::string_view name : known) {
    if (typed.starts_with(name) || synonym_of(typed) == name) meant = name;
  }
  report.error("bad-value", range_of(value), std::string(subject.name) + " is never " + quoted(value.string()),
               (meant.empty() ? std::string() : did_you_mean(meant) + " ") + "it is " + list_of(known));
  return false;
}

bool check_regex(Report& report, const json::Value& value) {
  const std::string_view pattern = value.string();
  if (pattern.size() > kMaxRegexBytes) {
    report.error("bad-regex", range_of(value),
                 "a regex has at most " + std::to_string(kMaxRegexBytes) + " bytes, this one has " +
                     std::to_string(pattern.size()));
    return false;
  }
  const re2::RE2 regex(re2::StringPiece(pattern.data(), pattern.size()), regex_options());
  if (regex.ok()) return true;
  const bool perl = regex.error_code() == re2::RE2::ErrorRepeatArgument && pattern.find("(?") != std::string_view::npos;
  report.error("bad-regex", range_of(value), "this regex cannot be read: " + regex.error(),
               perl ? "RE2 has no look-ahead and look-behind" : "");
  return false;
}

}  // namespace

std::string_view holds(FactType type) {
  switch (type) {
    case FactType::kString:
      return "a string";
    case FactType::kNumber:
      return "a number";
    case FactType::kDuration:
      return "a duration";
    case FactType::kBool:
      return "true or false";
    case FactType::kScalar:
      return "a string, a number or true or false";
  }
  return {};
}

bool has_operator(FactType type, Operator op) {
  if (is_ordering(op)) return type != FactType::kBool;
  if (is_pattern(op)) return type == FactType::kString || type == FactType::kScalar;
  return true;
}

std::optional<Scalar> read_operand(Report& report, const json::Value& value, const Subject& subject, Operator op) {
  FactType type = subject.type;
  if (is_pattern(op)) type = FactType::kString;
  const bool any = type == FactType::kScalar;
  if (type == FactType::kDuration && (value.is(json::Type::kNumber) || value.is(json::Type::kString))) {
    return read_any_duration(report, value);
  }
  if (value.is(json::Type::kString) && (type == FactType::kString || any)) {
    if (!subject.values.empty() && !is_ordering(op) && !is_pattern(op) && !check_value_of_set(report, value, subject)) {
      return {};
    }
    if (op == Operator::kRegex && !check_regex(report, value)) return {};
    return Scalar(std::string(value.string()));
  }
  if (value.is(json::Type::kNumber) && (type == FactType::kNumber || any)) {
    const auto number = read_number(report, value);
    if (!number) return {};
    return Scalar(*number);
  }
  if (value.is(json::Type::kBool) && (type == FactType::kBool || (any && !is_ordering(op)))) {
    return Scalar(value.boolean());
  }
  if (any && is_ordering(op) && value.is(json::Type::kBool)) {
    expected(report, value, "a number or a string", "true and false have no order");
  } else if (is_pattern(op)) {
    expected(report, value, "a string");
  } else {
    mismatch(report, value, subject, hint_for(value, type));
  }
  return {};
}

}  // namespace beckon::rules
