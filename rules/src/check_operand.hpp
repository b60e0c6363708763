// What an operator compares to, and which operators a type of fact has.
#pragma once

#include <optional>

#include "check_test.hpp"

namespace beckon::rules {

// "a string", "a duration": what a fact of that type holds.
[[nodiscard]] std::string_view holds(FactType type);

// Whether the operator can be asked of the type at all: ordering is not for bools, patterns are for strings.
[[nodiscard]] bool has_operator(FactType type, Operator op);

// A value to compare the subject to; nullopt, reported, when its type is not the subject's or it is no value of it.
std::optional<Scalar> read_operand(Report& report, const json::Value& value, const Subject& subject, Operator op);

}  // namespace beckon::rules
