#include "rules/oracle/value.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

namespace beckon::oracle {
namespace {

constexpr std::size_t kMaxSubject = 2048;

std::size_t character_bytes(std::string_view text) {
  std::size_t n = 1;
  if ((static_cast<unsigned char>(text[0]) & 0xC0) != 0xC0) return n;
  while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) ++n;
  return n;
}

bool starts(std::string_view pattern, std::string_view with) { return pattern.substr(0, with.size()) == with; }

Value operand(const json::Value& value, Unit unit) {
  if (unit == Unit::kDuration && value.is(json::Type::kString)) {
    return static_cast<double>(milliseconds(value.string()));
  }
  return *scalar(value);
}

Operator parse_operator(std::string_view name, const json::Value& value, Unit unit) {
  Operator op{std::string(name), {}, nullptr};
  if (value.is(json::Type::kArray)) {
    for (const json::Value* item = value.first(); item; item = item->next())
      op.operands.push_back(operand(*item, unit));
  } else {
    op.operands.push_back(operand(value, unit));
  }
  if (name == "regex") op.regex = std::make_shared<re2::RE2>(std::get<std::string>(op.operands[0]), re2::RE2::Quiet);
  return op;
}

// Operators on strings alone.
bool holds_for_text(const Operator& op, const std::string& subject) {
  const std::string& text = std::get<std::string>(op.operands[0]);
  if (op.name == "prefix") return starts(subject, text);
  if (op.name == "suffix") return subject.size() >= text.size() && subject.substr(subject.size() - text.size()) == text;
  if (op.name == "contains") return subject.find(text) != std::string::npos;
  if (op.name == "glob") return glob(text, subject);
  return re2::RE2::PartialMatch(subject, *op.regex);
}

// `subject` is a value of the operands' type.
bool holds(const Operator& op, const Value& subject) {
  const Value& first = op.operands[0];
  if (op.name == "eq") return subject == first;
  if (op.name == "ne") return subject != first;
  if (op.name == "lt") return subject < first;
  if (op.name == "lte") return subject <= first;
  if (op.name == "gt") return subject > first;
  if (op.name == "gte") return subject >= first;
  if (op.name == "between") return first <= subject && subject <= op.operands[1];
  return std::holds_alternative<std::string>(subject) && holds_for_text(op, std::get<std::string>(subject));
}

bool of_same_type(const Operator& op, const Value& subject) {
  return std::any_of(op.operands.begin(), op.operands.end(),
                     [&](const Value& operand) { return operand.index() == subject.index(); });
}

bool passes(const Operator& op, const std::optional<Value>& subject) {
  if (op.name == "exists") return std::get<bool>(op.operands[0]) == subject.has_value();
  if (!subject || !of_same_type(op, *subject)) return false;
  bool listed = std::find(op.operands.begin(), op.operands.end(), *subject) != op.operands.end();
  if (op.name == "in") return listed;
  if (op.name == "not_in") return !listed;
  return holds(op, *subject);
}

}  // namespace

std::int64_t milliseconds(std::string_view text) {
  std::int64_t total = 0;
  while (!text.empty()) {
    std::size_t digits = text.find_first_not_of("0123456789");
    std::int64_t number = std::strtoll(std::string(text.substr(0, digits)).c_str(), nullptr, 10);
    text.remove_prefix(digits);
    std::size_t unit_bytes = starts(text, "ms") ? 2 : 1;
    std::string_view unit = text.substr(0, unit_bytes);
    text.remove_prefix(unit_bytes);
    if (unit == "ms") total += number;
    if (unit == "s") total += number * 1000;
    if (unit == "m") total += number * 60'000;
    if (unit == "h") total += number * 3'600'000;
    if (unit == "d") total += number * 86'400'000;
  }
  return total;
}

std::optional<Value> scalar(const json::Value& value) {
  switch (value.type()) {
    case json::Type::kBool: return value.boolean();
    case json::Type::kNumber: return *value.number();
    case json::Type::kString: return std::string(value.string());
    default: return std::nullopt;
  }
}

bool glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern == "/**" && text.empty()) return true;
  if (starts(pattern, "**")) {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      if (glob(pattern.substr(2), text.substr(n))) return true;
    }
    return false;
  }
  if (pattern[0] == '*') {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      if (glob(pattern.substr(1), text.substr(n))) return true;
      if (n < text.size() && text[n] == '/') return false;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern[0] == '?') return text[0] != '/' && glob(pattern.substr(1), text.substr(character_bytes(text)));
  return pattern[0] == text[0] && glob(pattern.substr(1), text.substr(1));
}

Test parse_test(const json::Value& value, Unit unit) {
  if (value.is(json::Type::kArray)) return {parse_operator("in", value, unit)};
  if (!value.is(json::Type::kObject)) return {parse_operator("eq", value, unit)};
  Test test;
  for (const json::Value* op = value.first(); op; op = op->next())
    test.push_back(parse_operator(op->name(), *op, unit));
  return test;
}

bool passes(const Test& test, std::optional<Value> subject) {
  if (subject && std::holds_alternative<std::string>(*subject)) {
    subject = std::get<std::string>(*subject).substr(0, kMaxSubject);
  }
  return std::all_of(test.begin(), test.end(), [&](const Operator& op) { return passes(op, subject); });
}

std::string describe(const Test& test) {
  std::string text;
  for (const Operator& op : test) {
    text += op.name + "(";
    for (const Value& value : op.operands) {
      if (const bool* flag = std::get_if<bool>(&value)) text += *flag ? "true," : "false,";
      if (const double* number = std::get_if<double>(&value)) text += std::to_string(*number) + ",";
      if (const std::string* string = std::get_if<std::string>(&value)) text += "'" + *string + "',";
    }
    text += ")";
  }
  return text;
}

}  // namespace beckon::oracle
