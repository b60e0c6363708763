#include <algorithm>
#include <charconv>

#include "beckon/rules/words.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxListed = 8;  // values of a list that are told

std::string number_in_words(double number) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end);
}

std::string_view sign_of(Operator op) {
  switch (op) {
    case Operator::kEq:
      return "= ";
    case Operator::kNe:
      return "≠ ";
    case Operator::kLt:
      return "< ";
    case Operator::kLte:
      return "≤ ";
    case Operator::kGt:
      return "> ";
    case Operator::kGte:
      return "≥ ";
    case Operator::kBetween:
      return "between ";
    case Operator::kIn:
      return "one of ";
    case Operator::kNotIn:
      return "not one of ";
    case Operator::kPrefix:
      return "begins with ";
    case Operator::kSuffix:
      return "ends with ";
    case Operator::kContains:
      return "contains ";
    case Operator::kGlob:
      return "like ";
    case Operator::kRegex:
      return "matches ";
    case Operator::kExists:
      return "";
  }
  return "";
}

std::string span_in_words(const Span& span) {
  switch (span.kind) {
    case SpanKind::kDuration:
      return format_duration(span.duration);
    case SpanKind::kPage:
      return "page";
    case SpanKind::kVisit:
      return "visit";
    case SpanKind::kVisitor:
      return "visitor";
  }
  return {};
}

std::string where_in_words(const EventPattern& pattern) {
  std::string out;
  for (const WhereTest& where : pattern.where) {
    out += (out.empty() ? " where " : " and ") + quoted(where.key) + ' ' + to_words(where.test);
  }
  return out;
}

std::string sequence_in_words(const Condition& condition) {
  std::string out;
  for (const EventPattern& step : condition.steps) {
    out += out.empty() ? "sequence " : ", ";
    if (step.kind == EventPattern::Kind::kPage) {
      out += "page " + to_words(step.path);
    } else {
      out += "event " + quoted(step.name) + where_in_words(step);
    }
  }
  return out + " within " + span_in_words(condition.span);
}

}  // namespace

std::string to_words(const Scalar& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const double* number = std::get_if<double>(&value)) return number_in_words(*number);
  if (const std::string* text = std::get_if<std::string>(&value)) return quoted(*text);
  return format_duration(std::get<Duration>(value));
}

std::string to_words(const Comparison& comparison) {
  if (comparison.op == Operator::kExists) {
    return std::get<bool>(comparison.operands.front()) ? "exists" : "has no value";
  }
  std::string out(sign_of(comparison.op));
  const std::size_t shown = std::min(comparison.operands.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += comparison.op == Operator::kBetween ? " and " : ", ";
    out += to_words(comparison.operands[i]);
  }
  if (shown < comparison.operands.size()) out += " and " + std::to_string(comparison.operands.size() - shown) + " more";
  return out;
}

std::string to_words(const Test& test) {
  std::string out;
  for (const Comparison& comparison : test.all) out += (out.empty() ? "" : " and ") + to_words(comparison);
  return out;
}

std::string subject_to_words(const Condition& condition) {
  if (condition.kind == Condition::Kind::kFact) {
    const std::string subject = std::string(fact_info(condition.fact).name) + condition.member;
    const auto is_obeyed = [](unsigned char c) { return c < 0x20 || c >= 0x7F; };
    return std::any_of(subject.begin(), subject.end(), is_obeyed) ? quoted(subject) : subject;
  }
  const EventPattern& pattern = condition.steps.front();
  return "count of " + quoted(pattern.name) + where_in_words(pattern) + " within " + span_in_words(condition.span);
}

std::string to_words(const Condition& condition, const RuleFile& file) {
  switch (condition.kind) {
    case Condition::Kind::kAll:
      return "all of";
    case Condition::Kind::kAny:
      return "any of";
    case Condition::Kind::kNone:
      return "none of";
    case Condition::Kind::kSegment:
      return "segment " + quoted(file.segments[condition.segment].name);
    case Condition::Kind::kFact:
    case Condition::Kind::kEvent:
      return subject_to_words(condition) + ' ' + to_words(condition.test);
    case Condition::Kind::kSequence:
      return sequence_in_words(condition);
    case Condition::Kind::kHeld:
      return "held for " + format_duration(condition.duration);
  }
  return {};
}

}  // namespace beckon::rules
