#include "scalar_test.hpp"

#include <algorithm>

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

double as_number(const Scalar& scalar) {
  if (const auto* number = std::get_if<double>(&scalar)) return *number;
  if (const auto* duration = std::get_if<Duration>(&scalar)) return static_cast<double>(duration->count());
  return 0;
}

template <typename T>
bool has_operand(const Comparison& comparison) {
  return std::any_of(comparison.operands.begin(), comparison.operands.end(),
                     [](const Scalar& operand) { return std::holds_alternative<T>(operand); });
}

bool is_negative(Operator op) { return op == Operator::kNe || op == Operator::kNotIn; }

}  // namespace

bool number_holds(const Comparison& comparison, double x) {
  const auto is_number = [](const Scalar& s) {
    return std::holds_alternative<double>(s) || std::holds_alternative<Duration>(s);
  };
  const auto among = [&] {
    return std::any_of(comparison.operands.begin(), comparison.operands.end(),
                       [&](const Scalar& s) { return is_number(s) && as_number(s) == x; });
  };
  if (comparison.op == Operator::kExists) return std::get<bool>(comparison.operands.front());
  if (!std::any_of(comparison.operands.begin(), comparison.operands.end(), is_number)) return false;
  const double first = as_number(comparison.operands.front());
  switch (comparison.op) {
    case Operator::kEq:
    case Operator::kIn: return among();
    case Operator::kNe:
    case Operator::kNotIn: return !among();
    case Operator::kLt: return x < first;
    case Operator::kLte: return x <= first;
    case Operator::kGt: return x > first;
    case Operator::kGte: return x >= first;
    case Operator::kBetween: return x >= first && x <= as_number(comparison.operands[1]);
    default: return false;
  }
}

ScalarTest::ScalarTest(const Test& test) {
  for (const Comparison& comparison : test.all) {
    One one{comparison, {}};
    if (has_operand<std::string>(comparison)) one.strings.emplace_back(comparison);
    all_.push_back(std::move(one));
  }
}

bool ScalarTest::holds(const One& one, const EventScalar& value) {
  const Comparison& comparison = one.comparison;
  if (comparison.op == Operator::kExists) return std::get<bool>(comparison.operands.front());
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return !one.strings.empty() && one.strings.front().holds(text->substr(0, kMaxSubjectBytes));
  }
  if (const auto* number = std::get_if<double>(&value)) return number_holds(comparison, *number);
  const bool flag = std::get<bool>(value);
  if (!has_operand<bool>(comparison)) return false;
  const bool among = std::any_of(comparison.operands.begin(), comparison.operands.end(), [&](const Scalar& s) {
    const auto* operand = std::get_if<bool>(&s);
    return operand && *operand == flag;
  });
  return among != is_negative(comparison.op);
}

bool ScalarTest::holds(const EventScalar* value) const {
  if (value && std::holds_alternative<std::monostate>(*value)) value = nullptr;
  for (const One& one : all_) {
    if (!value) {
      const Comparison& comparison = one.comparison;
      if (comparison.op != Operator::kExists || std::get<bool>(comparison.operands.front())) return false;
    } else if (!holds(one, *value)) {
      return false;
    }
  }
  return true;
}

}  // namespace beckon::rules::detail
