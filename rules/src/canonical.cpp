// Canonical texts of conditions: keys under which equal counts, sequences and held conditions share one slot.
#include <charconv>

#include "canonical.hpp"

namespace beckon::rules::detail {
namespace {

void put_text(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).push_back(':');
  out.append(text);
}

void put(std::string& out, double number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}

void put(std::string& out, const Scalar& scalar) {
  if (const auto* flag = std::get_if<bool>(&scalar)) {
    out.append(*flag ? "T" : "F");
  } else if (const auto* number = std::get_if<double>(&scalar)) {
    out.push_back('#');
    put(out, *number);
  } else if (const auto* text = std::get_if<std::string>(&scalar)) {
    out.push_back('"');
    put_text(out, *text);
  } else {
    out.push_back('~');
    out.append(std::to_string(std::get<Duration>(scalar).count()));
  }
}

}  // namespace

std::string canonical(const Comparison& comparison) {
  std::string out(1, static_cast<char>('a' + static_cast<int>(comparison.op)));
  for (const Scalar& operand : comparison.operands) put(out, operand);
  return out;
}

std::string canonical(const Test& test) {
  std::string out = "{";
  for (const Comparison& comparison : test.all) out += canonical(comparison);
  return out + "}";
}

std::string canonical(const Span& span) {
  switch (span.kind) {
    case SpanKind::kDuration: return std::to_string(span.duration.count());
    case SpanKind::kPage: return "p";
    case SpanKind::kVisit: return "v";
    case SpanKind::kVisitor: return "e";
  }
  return {};
}

std::string canonical(const EventPattern& pattern) {
  if (pattern.kind == EventPattern::Kind::kPage) return "P" + canonical(pattern.path);
  std::string out = "E";
  put_text(out, pattern.name);
  for (const WhereTest& where : pattern.where) {
    put_text(out, where.key);
    out += canonical(where.test);
  }
  return out;
}

std::string count_key(const Condition& condition) {
  return "c" + canonical(condition.steps.front()) + "/" + canonical(condition.span);
}

std::string sequence_key(const Condition& condition) {
  std::string out = "s";
  for (const EventPattern& step : condition.steps) out += canonical(step) + ",";
  return out + "/" + canonical(condition.span);
}

std::string fact_key(FactId fact, std::string_view member) {
  std::string out = "f" + std::to_string(static_cast<int>(fact)) + ".";
  return out.append(member);
}

std::string canonical(const Condition& condition, const RuleFile& file) {
  std::string out;
  switch (condition.kind) {
    case Condition::Kind::kAll: out = "&("; break;
    case Condition::Kind::kAny: out = "|("; break;
    case Condition::Kind::kNone: out = "!("; break;
    case Condition::Kind::kFact: return fact_key(condition.fact, condition.member) + canonical(condition.test);
    case Condition::Kind::kSegment: return canonical(file.segments[condition.segment].condition, file);
    case Condition::Kind::kEvent: return count_key(condition) + canonical(condition.test);
    case Condition::Kind::kSequence: return sequence_key(condition);
    case Condition::Kind::kHeld: out = "h" + std::to_string(condition.duration.count()) + "("; break;
  }
  for (const Condition& child : condition.children) out += canonical(child, file) + ",";
  return out + ")";
}

}  // namespace beckon::rules::detail
